/**
 * Sluice as a library: limits, leases and rates for JVM services, in process or as part of a
 * cluster. Begin with {@link io.sluice.Sluice}. What is public here is the whole interface; every
 * other package may change.
 */
package io.sluice;
