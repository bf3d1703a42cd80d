package io.sluice.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * The directory of a node's data: recognised by its {@link DataMarker} or made, and locked against
 * other processes until closed. A directory that is somebody else's is not touched.
 */
public final class DataDir implements AutoCloseable {
  /** What a directory may hold that is not Sluice's yet: our own first steps, a volume's root. */
  private static final Set<String> NOT_FOREIGN =
      Set.of(DirectoryLock.FILE, DataMarker.UNFINISHED, "lost+found");

  private static final String CHOOSE_ANOTHER =
      "Choose an empty or new directory, or the one of an earlier start.";

  private final Path path;
  private final DirectoryLock lock;
  private final DataMarker marker;

  private DataDir(Path path, DirectoryLock lock, DataMarker marker) {
    this.path = path;
    this.lock = lock;
    this.marker = marker;
  }

  /**
   * Opens the directory that is to hold {@code database}, made if it does not exist. Waits: never.
   *
   * @param database absolute
   * @param version the version of this program, named in the marker of a new directory
   * @throws DataDirUnusable if it is no directory, cannot be written, is not Sluice's, has a format
   *     this program does not know, is in use, or has lost its database
   */
  public static DataDir open(Path database, String version, Instant now) {
    var path = database.getParent();
    try {
      make(path);
      refuseForeign(path);
      var lock = lock(path, now);
      try {
        var marker = recogniseOrMark(path, version, now);
        refuseLost(database, marker);
        return new DataDir(path, lock, marker);
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw unusable(path, failed);
    }
  }

  /** Whether a node has answered from here before; then there are data that must not be missing. */
  public boolean wasUsed() {
    return marker.used();
  }

  /** Remembers that this directory holds data; a later start without them is refused. */
  public void markUsed() {
    if (marker.used()) {
      return;
    }
    try {
      marker.asUsed().write(path);
    } catch (IOException failed) {
      throw unusable(path, failed);
    }
  }

  private static void make(Path path) throws IOException {
    // Asked first because Java 17 takes a link to a directory for a file.
    if (Files.isDirectory(path)) {
      return;
    }
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException file) {
      throw new DataDirUnusable(
          "The data directory %s cannot be made: %s is a file.".formatted(path, file.getFile()),
          CHOOSE_ANOTHER,
          file);
    }
  }

  private static void refuseForeign(Path path) throws IOException {
    var names = new TreeSet<String>();
    try (var entries = Files.newDirectoryStream(path)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    if (names.contains(DataMarker.FILE)) {
      return;
    }
    names.removeAll(NOT_FOREIGN);
    if (!names.isEmpty()) {
      throw new DataDirUnusable(
          "The data directory %s is not Sluice's: it holds %s and no %s. Nothing was touched."
              .formatted(path, firstOf(names), DataMarker.FILE),
          CHOOSE_ANOTHER);
    }
  }

  private static String firstOf(TreeSet<String> names) {
    int others = names.size() - 1;
    return others == 0 ? names.first() : "%s and %d more".formatted(names.first(), others);
  }

  private static DirectoryLock lock(Path path, Instant now) throws IOException {
    return DirectoryLock.tryTake(path, now)
        .orElseThrow(
            () ->
                new DataDirUnusable(
                    "The data directory %s is in use by another Sluice: %s."
                        .formatted(path, DirectoryLock.holder(path)),
                    "Stop that one, or start this one with another data directory."));
  }

  private static DataMarker recogniseOrMark(Path path, String version, Instant now)
      throws IOException {
    var found = DataMarker.read(path);
    if (found.isPresent()) {
      if (found.get().format() != DataMarker.FORMAT) {
        throw otherFormat(path, found.get(), version);
      }
      return found.get();
    }
    var marker = new DataMarker(DataMarker.FORMAT, version, now, false);
    marker.write(path);
    return marker;
  }

  private static void refuseLost(Path database, DataMarker marker) throws IOException {
    if (marker.used() && (Files.notExists(database) || Files.size(database) == 0)) {
      throw new DataDirUnusable(
          "The database %s is missing or empty, but its directory has been in use."
              .formatted(database),
          "Put back a copy of the whole directory; to start anew, remove all of it.");
    }
  }

  private static DataDirUnusable otherFormat(Path path, DataMarker marker, String version) {
    var age = marker.format() > DataMarker.FORMAT ? "newer" : "older";
    return new DataDirUnusable(
        "The data directory %s has format %d, %s than format %d of this Sluice %s."
            .formatted(path, marker.format(), age, DataMarker.FORMAT, version),
        "Start it with Sluice %s, which made it, or choose another data directory."
            .formatted(marker.createdBy()));
  }

  private static DataDirUnusable unusable(Path path, IOException why) {
    return new DataDirUnusable(
        "The data directory %s cannot be used: %s.".formatted(path, reason(why)),
        "Make it writable for the user %s, or choose another data directory."
            .formatted(System.getProperty("user.name")),
        why);
  }

  /** The system's words; where it has none, Java's exception carries only a path. */
  private static String reason(IOException why) {
    if (why instanceof AccessDeniedException denied) {
      return denied.getFile() + ": Permission denied";
    } else if (why instanceof NoSuchFileException missing) {
      return missing.getFile() + ": No such file or directory";
    }
    return String.valueOf(why.getMessage());
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException ignored) {
      // Only the holder's name was not erased; the end of the process releases the lock anyway.
    }
  }
}
