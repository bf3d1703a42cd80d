/**
 * What all owners of rows have in common: they load when first asked, make one change at a time,
 * write it before it is answered, and leave memory when idle.
 */
package io.sluice.owner;
