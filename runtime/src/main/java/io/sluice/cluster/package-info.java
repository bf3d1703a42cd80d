/** What crosses between owners and nodes: the wire marker, type names, asking with a bound. */
package io.sluice.cluster;
