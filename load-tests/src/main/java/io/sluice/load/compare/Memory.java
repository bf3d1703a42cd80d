package io.sluice.load.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** How much memory a process and its descendants have of this machine, as Linux says. */
final class Memory {
  private static final String RESIDENT = "VmRSS:";
  private static final double KIB_PER_MIB = 1024;

  private Memory() {}

  /** In MiB; empty if the process is gone or the system does not say. */
  static OptionalDouble residentMib(long pid) {
    var process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return OptionalDouble.empty();
    }
    double sum =
        Stream.concat(process.stream(), process.get().descendants())
            .mapToDouble(one -> residentKib(one.pid()))
            .sum();
    return sum == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / KIB_PER_MIB);
  }

  private static double residentKib(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]))
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }
}
