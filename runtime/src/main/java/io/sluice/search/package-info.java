/** Saved searches: named sets of filters that people keep. */
package io.sluice.search;
