package io.sluice.rejection;

/**
 * Carries a {@link Rejection} through futures. A decision, not a failure: it has no stack trace.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;

  public Refused(Rejection why) {
    super(why.message(), null, false, false);
    this.why = why;
  }

  public Rejection why() {
    return why;
  }
}
