/**
 * Automations: what is to happen when certain events do. Stored and listed; nothing executes them.
 */
package io.sluice.automation;
