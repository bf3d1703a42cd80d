package io.sluice.store;

/** Why a directory cannot hold a node's data; what is in it was not changed. */
public final class DataDirUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String next;

  /**
   * @param what what happened, with the facts, as one sentence
   * @param next what to do about it
   */
  DataDirUnusable(String what, String next) {
    this(what, next, null);
  }

  DataDirUnusable(String what, String next, Throwable cause) {
    super(what, cause);
    this.next = next;
  }

  /** What to do about it, as one sentence. */
  public String next() {
    return next;
  }
}
