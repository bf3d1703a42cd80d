/** Artifacts: what runs leave behind for people to look at. */
package io.sluice.artifact;
