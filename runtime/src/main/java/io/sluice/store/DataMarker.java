package io.sluice.store;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/**
 * The file {@code sluice.data}: says that a directory is Sluice's and how it is laid out.
 *
 * @param format the layout of the directory; {@link #FORMAT} is the one this program knows
 * @param createdBy the version that made the directory
 * @param used whether a node has answered from it; then it holds data that must not be missing
 */
record DataMarker(int format, String createdBy, Instant createdAt, boolean used) {
  static final String FILE = "sluice.data";
  static final String UNFINISHED = FILE + ".new";

  /** 1: one H2 database, whose schema Flyway keeps. */
  static final int FORMAT = 1;

  /**
   * The marker of {@code directory}; empty if it has none.
   *
   * @throws DataDirUnusable if it has one that states no format
   */
  static Optional<DataMarker> read(Path directory) throws IOException {
    var file = directory.resolve(FILE);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      var properties = new Properties();
      properties.load(new StringReader(Files.readString(file)));
      return Optional.of(
          new DataMarker(
              Integer.parseInt(properties.getProperty("format", "")),
              properties.getProperty("created-by", "?"),
              Instant.parse(properties.getProperty("created-at", "")),
              Boolean.parseBoolean(properties.getProperty("used"))));
    } catch (IllegalArgumentException | DateTimeException damaged) {
      throw new DataDirUnusable(
          "The file %s is damaged: it states no format or no time.".formatted(file),
          "Put back a copy of the whole directory, or choose another data directory.",
          damaged);
    }
  }

  DataMarker asUsed() {
    return new DataMarker(format, createdBy, createdAt, true);
  }

  /** Replaces the marker of {@code directory}; it is on the device, whole, when this returns. */
  void write(Path directory) throws IOException {
    var text =
        """
        # This directory belongs to Sluice. Its files belong together: copy, move or delete all.
        format=%d
        created-by=%s
        created-at=%s
        used=%s
        """
            .formatted(format, createdBy, createdAt, used);
    var unfinished = directory.resolve(UNFINISHED);
    Files.writeString(
        unfinished,
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(unfinished, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    try (var entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    } catch (IOException notOnThisSystem) {
      // Windows opens no directories; there the move is durable by itself.
    }
  }
}
