package io.sluice.store;

/** The store cannot be reached, is overloaded or refused a write; nothing was changed. */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
