/**
 * The fault suite: a cluster of its own on this machine, clients that use it, faults that strike
 * it, and the proof from the log of all requests that nothing was lost and nobody let in twice.
 */
package io.sluice.load.faults;
