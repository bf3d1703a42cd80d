/**
 * What the server itself says of changes: an event for each of those that a Prefect server tells.
 * Knows the objects that change, not how anybody hears of it.
 */
package io.sluice.notice;
