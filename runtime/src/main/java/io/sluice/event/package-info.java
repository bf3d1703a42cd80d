/** Events: what happened, for whoever watches. Some time back they can be heard again. */
package io.sluice.event;
