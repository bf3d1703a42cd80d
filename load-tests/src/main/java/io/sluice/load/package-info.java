/**
 * The program {@code sluice-load}: bursts of runs, and faults in their midst, driven over HTTP the
 * way Prefect 3.8.8's own worker drives them. Knows nothing of how a server is built.
 */
package io.sluice.load;
