package io.sluice;

/** Told when a lease is lost; not when it is closed. */
@FunctionalInterface
public interface LeaseListener {

  /**
   * The lease is lost: stop what needs it. Called at most once per lease, on a thread that all
   * leases of a {@link Sluice} share: return soon. What it throws is logged.
   */
  void lost(Lease lease, LeaseLoss why);
}
