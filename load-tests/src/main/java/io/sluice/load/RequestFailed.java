package io.sluice.load;

/**
 * A request that has no good answer, for good: all attempts that the client's rules grant failed.
 */
final class RequestFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status of the last answer; 0 if none came
   */
  RequestFailed(String what, int status, Throwable cause) {
    super(what, cause);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** Whether a worker's loop survives it: no answer, or the server's own fault. */
  boolean isOutage() {
    return status == 0 || status / 100 == 5;
  }
}
