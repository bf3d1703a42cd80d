/** The closed list of refusals: why a well-formed request was turned down. Knows no HTTP. */
package io.sluice.rejection;
