package io.sluice;

/** Why a lease was lost. */
public enum LeaseLoss {
  /**
   * Its owner does not know it any more: it ran out, or was revoked, as by {@link Sluice#delete}.
   */
  GONE,
  /** No renewal was answered within its duration: the owner may have given the slots to another. */
  NOT_RENEWED,
  /** The {@link Sluice} was closed while the lease was held; the slots come back by themselves. */
  SLUICE_CLOSED
}
