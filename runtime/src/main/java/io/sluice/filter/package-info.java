/**
 * The filter grammar of listings: one for all kinds of objects. What can be asked of which field is
 * a table ({@link io.sluice.filter.Kind}); the SQL follows from it.
 */
package io.sluice.filter;
