/** Logs of runs, as their clients send them. */
package io.sluice.log;
