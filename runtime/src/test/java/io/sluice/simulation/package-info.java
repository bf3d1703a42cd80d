/**
 * Deterministic simulation: virtual time, machines that crash, a network that loses, a journal that
 * fails, all drawn from one seed. Knows nothing of limits.
 */
package io.sluice.simulation;
