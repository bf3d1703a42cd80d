/**
 * Concurrency limits: who holds slots, who stands in line, who is next. Owns every slot in Sluice
 * (global, tag, deployment, work pool, work queue); knows nothing of runs, JSON or HTTP.
 */
package io.sluice.limit;
