/**
 * Workloads that one server or two do in turns, and what comes of them: who plays them, how their
 * rounds alternate, the figures. Knows Prefect's endpoints only, none of any server's own.
 */
package io.sluice.load.compare;
