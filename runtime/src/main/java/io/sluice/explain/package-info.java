/**
 * Why a flow run waits: the chain from its work pool to its limits, what blocks it, and what will
 * unblock it. The rules are pure; {@link io.sluice.explain.Explanations} asks the owners.
 */
package io.sluice.explain;
