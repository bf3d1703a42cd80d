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

  static UnfitSchema older(String found, String known) {
    return new UnfitSchema(
        "the schema of the source has version %s, older than version %s of this program"
            .formatted(found, known),
        "Start it once with this version of Sluice, stop it, then repeat this.");
  }

  static UnfitSchema notEmpty(String table, long rows) {
    return new UnfitSchema(
        "the target is not empty: its table %s has %d rows already".formatted(table, rows),
        "Name a new, empty database; one that a node was started on is not empty any more.");
  }

  static UnfitSchema damagedLog(String why) {
    return new UnfitSchema(
        "the log of its last commits does not fit: " + why,
        "Put back a copy of the whole directory: the database and its log belong together.");
  }

  public String nextStep() {
    return nextStep;
  }
}
