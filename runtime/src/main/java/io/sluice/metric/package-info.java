/**
 * What a node tells a meter registry of itself. Hears of it from the owners, which know nothing of
 * registries; knows no HTTP and decides nothing.
 */
package io.sluice.metric;
