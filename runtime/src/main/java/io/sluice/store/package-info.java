/**
 * The store of a node: connection pool, migrations, durable commits, the batching row writer, and
 * the database handed to the journal plug-in. Knows tables and SQL, nothing of what they mean.
 */
package io.sluice.store;
