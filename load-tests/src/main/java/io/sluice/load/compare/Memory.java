package io.sluice.load.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How much memory a server has.
 *
 * @param resident what its process and the descendants have of this machine, as Linux says, in MiB;
 *     0 if unknown
 * @param live what is left of its heap after a collection, the least of {@value #COLLECTIONS} in a
 *     row, in MiB: what is just being worked on is a tenth more or less of a busy server's. 0 if
 *     unknown, or it has none
 */
record Memory(double resident, double live) {
  static final int COLLECTIONS = 5;

  private static final String RESIDENT = "VmRSS:";
  private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final double KIB_PER_MIB = 1024;
  private static final double BYTES_PER_MIB = KIB_PER_MIB * KIB_PER_MIB;

  /** After collections, if it is a JVM. */
  static Memory of(long pid) {
    var live = Stream.generate(() -> liveMib(pid)).limit(COLLECTIONS);
    return new Memory(
        residentMib(pid).orElse(0), live.flatMapToDouble(OptionalDouble::stream).min().orElse(0));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "heap %.1f MiB, resident %.0f MiB", live, resident);
  }

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

  /**
   * What is left of the heap of a JVM after a collection, in MiB, by {@code jcmd} of the JDK that
   * runs this; empty if that is none, or the process is no JVM that it may ask. Counted by the
   * collection itself: a second command would see what was allocated until it came.
   */
  private static OptionalDouble liveMib(long pid) {
    var live = LIVE.matcher(isJvm(pid) ? jcmd(pid, "GC.class_histogram") : "");
    return live.find()
        ? OptionalDouble.of(Double.parseDouble(live.group(1)) / BYTES_PER_MIB)
        : OptionalDouble.empty();
  }

  /** Others may end at the signal by which {@code jcmd} asks for a connection. */
  private static boolean isJvm(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
      return lines.anyMatch(line -> line.endsWith("/libjvm.so"));
    } catch (IOException unknown) {
      return false;
    }
  }

  /** What it says, empty if it fails. */
  private static String jcmd(long pid, String command) {
    var program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      var process =
          new ProcessBuilder(program.toString(), String.valueOf(pid), command)
              .redirectErrorStream(true)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said : "";
    } catch (IOException missing) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "";
    }
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
