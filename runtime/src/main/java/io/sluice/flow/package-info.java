/** Flows: a name, tags and labels under which runs and deployments stand. */
package io.sluice.flow;
