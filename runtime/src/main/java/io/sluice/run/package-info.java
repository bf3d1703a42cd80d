/**
 * Flow runs: their states, the rules by which one state follows another (Prefect 3.8.8,
 * server/orchestration), and the owner of each run. Knows limits, queues and deployments only by
 * what it asks of them.
 */
package io.sluice.run;
