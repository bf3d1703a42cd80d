package io.sluice.run;

import java.time.Duration;
import java.util.UUID;

/**
 * A request that a run enters a state.
 *
 * @param id names the request, so that it can be withdrawn
 * @param force only the rules of {@link FlowRunRules#FORCED} apply and no slot is waited for
 * @param keepsLeases whether the proposer renews leases (Prefect's client since 3.4.11)
 * @param proposer names who proposes, so that two workers that want the same run are told apart;
 *     empty if unknown
 * @param hold how long the proposal may be held while it waits for a slot, zero: not at all
 */
public record Proposal(
    UUID id,
    ProposedState state,
    boolean force,
    boolean keepsLeases,
    String proposer,
    Duration hold) {

  /** A proposal by Sluice itself. */
  public static Proposal forced(UUID id, ProposedState state) {
    return new Proposal(id, state, true, true, "", Duration.ZERO);
  }
}
