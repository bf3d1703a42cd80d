/**
 * Blocks: typed configuration that clients save and load by name. Their values are kept encrypted,
 * and shown only to who asks for secrets.
 */
package io.sluice.block;
