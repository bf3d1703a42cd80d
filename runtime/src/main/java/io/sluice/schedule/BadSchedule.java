package io.sluice.schedule;

/** A schedule that says nothing that could be carried out; the message is for its author. */
public final class BadSchedule extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadSchedule(String message) {
    super(message);
  }
}
