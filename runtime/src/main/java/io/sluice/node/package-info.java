/** Puts the owners of a node together and takes them apart again. */
package io.sluice.node;
