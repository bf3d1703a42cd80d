/**
 * Task runs: built from the events that clients send, or by request; the rules of those that the
 * server orchestrates (Prefect 3.8.8, server/orchestration), and their owners.
 */
package io.sluice.task;
