package io.sluice.cli;

import io.sluice.store.StoreUnavailable;
import io.sluice.store.UnfitSchema;
import java.nio.file.Path;
import java.sql.SQLException;

/** Says in words for the operator why the store of a node could not be opened. */
final class StoreFailure {
  /** Codes of org.h2.api.ErrorCode. */
  private static final int FILE_CORRUPTED = 90030;

  private static final int FILE_VERSION_UNSUPPORTED = 90048;
  private static final int ALREADY_OPEN = 90020;

  private StoreFailure() {}

  static Failure of(StoreUnavailable problem, NodeSettings settings) {
    if (problem.getCause() instanceof UnfitSchema unfit) {
      var store = settings.databaseInDataDir().map(Path::toString).orElseGet(settings::storeName);
      return new Failure(
          "The database %s cannot be used: %s.".formatted(store, unfit.getMessage()),
          unfit.nextStep(),
          problem);
    }
    return settings
        .databaseInDataDir()
        .map(file -> embedded(problem, file))
        .orElseGet(
            () ->
                new Failure(
                    "The store %s cannot be opened: %s."
                        .formatted(settings.storeName(), rootMessage(problem)),
                    "Check sluice.store.url, user and password, and that the database runs.",
                    problem));
  }

  private static Failure embedded(StoreUnavailable problem, Path file) {
    return switch (sqlCode(problem)) {
      case FILE_CORRUPTED, FILE_VERSION_UNSUPPORTED ->
          new Failure(
              "The database %s is damaged; it was left as it is. H2 says: %s."
                  .formatted(file, rootMessage(problem)),
              "Put back a copy of the whole directory %s, or start with another --data-dir."
                  .formatted(file.getParent()),
              problem);
      case ALREADY_OPEN ->
          new Failure(
              "The database %s is open in a program that is not a Sluice node.".formatted(file),
              "Close it there; a database tool, perhaps.",
              problem);
      default ->
          new Failure(
              "The database %s cannot be opened: %s.".formatted(file, rootMessage(problem)),
              "Check the directory and its device; --debug says more.",
              problem);
    };
  }

  /** The code of the first SQL exception among the causes; 0 if there is none. */
  private static int sqlCode(Throwable problem) {
    for (var cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql.getErrorCode();
      }
    }
    return 0;
  }

  /** The first line of what the innermost cause says. */
  private static String rootMessage(Throwable problem) {
    var cause = problem;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }
}
