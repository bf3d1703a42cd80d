package io.sluice.store;

/**
 * The database answers, but must not be used as it is. Nothing was changed in it. The message says
 * why, {@link #nextStep()} what to do.
 */
public final class UnfitSchema extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String nextStep;

  private UnfitSchema(String message, String nextStep) {
    super(message);
    this.nextStep = nextStep;
  }

  static UnfitSchema lost() {
    return new UnfitSchema(
        "it holds no tables of Sluice, but has been in use before, so its data are lost",
        "Put back a copy of the data; to start anew, remove what is left of them.");
  }

  static UnfitSchema newer(String found, String known) {
    return new UnfitSchema(
        "its schema has version %s, newer than version %s, the last one that this program knows"
            .formatted(found, known),
        "Start it with the newer Sluice that wrote it, or put back a copy from before.");
  }

  public String nextStep() {
    return nextStep;
  }
}
