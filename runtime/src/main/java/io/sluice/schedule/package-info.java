/**
 * Times that repeat: fixed intervals, cron expressions and calendar rules, each in a time zone.
 * Knows no deployments, no runs and no clock.
 */
package io.sluice.schedule;
