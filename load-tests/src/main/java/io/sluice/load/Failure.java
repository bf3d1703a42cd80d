package io.sluice.load;

/** Why the program cannot do what was asked, in words for the person who asked. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String next;

  /**
   * @param what what happened, with the facts, as one sentence
   * @param next what to do about it
   */
  public Failure(String what, String next, Throwable cause) {
    super(what, cause);
    this.next = next;
  }

  /** What to do about it. */
  String next() {
    return next;
  }
}
