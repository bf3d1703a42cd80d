package io.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock of a data directory: held by the operating system for as long as the process lives, so a
 * killed one leaves nothing to clean up. The file {@code sluice.lock} names the holder; it stays
 * when the lock is released, because deleting it would race with the next process.
 */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "sluice.lock";

  /** Far behind the text, which others must be able to read on systems where locks forbid it. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /** A second channel to the file would, when closed, release the lock of this whole process. */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the lock of {@code directory}, or returns empty if somebody has it. Waits: never.
   *
   * @throws IOException if the directory cannot be written
   */
  static Optional<DirectoryLock> tryTake(Path directory, Instant now) throws IOException {
    if (!HELD_HERE.add(directory)) {
      return Optional.empty();
    }
    DirectoryLock taken = null;
    try {
      taken = take(directory, now);
      return Optional.ofNullable(taken);
    } finally {
      if (taken == null) {
        HELD_HERE.remove(directory);
      }
    }
  }

  private static DirectoryLock take(Path directory, Instant now) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, false) != null) {
        var holder =
            "process %d, since %s"
                .formatted(ProcessHandle.current().pid(), now.truncatedTo(ChronoUnit.SECONDS));
        channel.truncate(0).write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
        return new DirectoryLock(directory, channel);
      }
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    channel.close();
    return null;
  }

  /** Who holds the lock of {@code directory}, such as {@code process 12, since 2026-…}. */
  static String holder(Path directory) {
    try {
      var holder = Files.readString(directory.resolve(FILE));
      return holder.isBlank() ? "a process that is starting" : holder;
    } catch (IOException unreadable) {
      return "another process";
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(0);
    } finally {
      HELD_HERE.remove(directory);
    }
  }
}
