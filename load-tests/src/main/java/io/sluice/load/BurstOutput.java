package io.sluice.load;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the figures of one burst go. */
final class BurstOutput {
  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there, too.")
  private Path json;

  @Option(names = "--quiet", description = "No progress lines.")
  private boolean quiet;

  Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  boolean quiet() {
    return quiet;
  }
}
