/**
 * Events: what happened, for whoever watches or looks it up later. Some time back they can be heard
 * again; they are stored behind those who publish them, for a bounded time and number.
 */
package io.sluice.event;
