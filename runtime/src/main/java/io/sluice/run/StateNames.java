package io.sluice.run;

import java.util.Set;

/** State names with a meaning (Prefect 3.8.8, server/schemas/states.py). */
public final class StateNames {
  public static final String PENDING = "Pending";
  public static final String LATE = "Late";
  public static final String SCHEDULED = "Scheduled";
  public static final String AWAITING_RETRY = "AwaitingRetry";
  public static final String AWAITING_CONCURRENCY_SLOT = "AwaitingConcurrencySlot";
  public static final String RESUMING = "Resuming";
  public static final String SUSPENDED = "Suspended";

  /** A run that enters one of these goes on waiting; its age counts from when it was first due. */
  static final Set<String> STILL_WAITING = Set.of(LATE, AWAITING_CONCURRENCY_SLOT);

  private StateNames() {}
}
