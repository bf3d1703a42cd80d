/**
 * What happened during a test, as its clients saw it, and what follows from that. Pure: no clock,
 * no network, no file.
 */
package io.sluice.load.history;
