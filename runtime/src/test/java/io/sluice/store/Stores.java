package io.sluice.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Stores for tests. */
public final class Stores {
  private Stores() {}

  /** Settings of a store in {@code dir}, with small bounds. */
  public static StoreSettings h2(Path dir) {
    var url = "jdbc:h2:file:" + dir.resolve("sluice") + ";LOCK_TIMEOUT=60000";
    return at(url, "", true);
  }

  /** Settings of the database at {@code url}, with small bounds. */
  public static StoreSettings at(String url, String user, boolean mayBeNew) {
    return new StoreSettings(url, user, "", mayBeNew, 8, Duration.ofSeconds(20), 16, 8, 2, 4);
  }

  /** Copies what a process that is killed now leaves: all files of one moment. */
  static void copyAsKilled(Path from, Path to) throws IOException {
    var files = read(from);
    // H2 and the log are written behind whoever waits for them.
    for (var again = read(from); !same(files, again); again = read(from)) {
      files = again;
    }
    for (var file : files.entrySet()) {
      Files.write(to.resolve(file.getKey()), file.getValue());
    }
  }

  private static Map<Path, byte[]> read(Path directory) throws IOException {
    var files = new TreeMap<Path, byte[]>();
    try (var names = Files.list(directory)) {
      for (var name : names.filter(Files::isRegularFile).toList()) {
        files.put(name.getFileName(), Files.readAllBytes(name));
      }
    }
    return files;
  }

  private static boolean same(Map<Path, byte[]> some, Map<Path, byte[]> others) {
    return some.keySet().equals(others.keySet())
        && some.keySet().stream().allMatch(file -> Arrays.equals(some.get(file), others.get(file)));
  }

  static StoreSettings inUse(StoreSettings settings) {
    return at(settings.url(), settings.user(), false);
  }
}
