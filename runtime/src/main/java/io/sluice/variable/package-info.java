/** Variables: named JSON values that flows read and write. */
package io.sluice.variable;
