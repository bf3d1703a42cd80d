/**
 * Serving HTTP: routes as a table, bodies read field by field, one place for statuses, connections
 * that say when their client is gone. Knows no resource.
 */
package io.sluice.http;
