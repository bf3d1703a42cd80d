package io.sluice.load.history;

/**
 * A broken rule.
 *
 * @param what which run or limit, with the facts
 */
public record Violation(Rule rule, String what) {}
