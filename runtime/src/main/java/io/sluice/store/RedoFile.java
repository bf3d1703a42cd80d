package io.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of numbered records, written from its beginning to its end and then anew: what an earlier
 * round left behind the last record is not read. What was appended is on the device.
 *
 * <p>Each record is its length, a check sum over all that follows, the round, its number, and its
 * content. Within a round numbers follow each other.
 */
final class RedoFile implements AutoCloseable {
  private static final int HEAD = Integer.BYTES + 3 * Long.BYTES;

  /** The file grows in such steps, so that an append need not write the file's length, too. */
  private static final int STEP = 1 << 20;

  /** Written at once; Linux would write all of a larger piece again when a part of it changes. */
  private static final int PIECE = 4096;

  /** What a file holds of its last round. */
  record Content(long round, long firstNumber, List<byte[]> records) {}

  /** What the file is on. */
  interface Device {
    void write(ByteBuffer bytes, long at) throws IOException;

    /** Returns when all is there that was written; {@code length} for the file's length, too. */
    void force(boolean length) throws IOException;

    void close() throws IOException;
  }

  private record Disk(FileChannel channel) implements Device {
    @Override
    public void write(ByteBuffer bytes, long from) throws IOException {
      long at = from;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public void force(boolean length) throws IOException {
      channel.force(length);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private final Path path;
  private final Device device;
  private final long most;
  private long round;
  private long end;
  private long reserved;

  /**
   * @param most bytes that it holds at most
   */
  RedoFile(Path path, Device device, long most) {
    this.path = path;
    this.device = device;
    this.most = most;
  }

  /** An empty file; what was there is gone. */
  static RedoFile create(Path path, long most) throws IOException {
    var channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new RedoFile(path, new Disk(channel), most);
  }

  /** Begins to write from the beginning. */
  void begin(long newRound) {
    round = newRound;
    end = 0;
  }

  boolean isEmpty() {
    return end == 0;
  }

  /**
   * Appends; when it returns the record is on the device. If it fails the record may be there or
   * not, and the next one takes its place.
   *
   * @return false if there is no room for it
   */
  boolean append(long number, byte[] content) throws IOException {
    long size = HEAD + content.length;
    if (end + size > most) {
      return false;
    }
    reserve(end + size);
    var buffer = ByteBuffer.allocate((int) size);
    buffer.putInt(content.length);
    buffer.putLong(0);
    buffer.putLong(round).putLong(number).put(content);
    buffer.putLong(Integer.BYTES, checkSum(buffer.array()));
    device.write(buffer.flip(), end);
    device.force(false);
    end += size;
    return true;
  }

  private void reserve(long upTo) throws IOException {
    while (reserved < upTo) {
      for (long end = reserved + STEP; reserved < end; reserved += PIECE) {
        device.write(ByteBuffer.allocate(PIECE), reserved);
      }
      device.force(true);
    }
  }

  private static long checkSum(byte[] record) {
    var sum = new CRC32C();
    int from = Integer.BYTES + Long.BYTES;
    sum.update(record, from, record.length - from);
    // Never that of a file of zeros.
    return sum.getValue() + 1;
  }

  /** Reads a file up to the first record that is not whole; a file that is missing is empty. */
  static Content read(Path path) throws IOException {
    var records = new ArrayList<byte[]>();
    long round = 0;
    long first = 0;
    var all = ByteBuffer.wrap(Files.exists(path) ? Files.readAllBytes(path) : new byte[0]);
    while (all.remaining() >= HEAD) {
      int at = all.position();
      int length = all.getInt(at);
      if (length < 0 || length > all.remaining() - HEAD) {
        break;
      }
      var record = new byte[HEAD + length];
      all.get(record);
      var head = ByteBuffer.wrap(record);
      long itsRound = head.getLong(Integer.BYTES + Long.BYTES);
      long number = head.getLong(Integer.BYTES + 2 * Long.BYTES);
      boolean begins = records.isEmpty();
      if (head.getLong(Integer.BYTES) != checkSum(record)
          || !begins && (itsRound != round || number != first + records.size())) {
        break;
      }
      if (begins) {
        round = itsRound;
        first = number;
      }
      records.add(java.util.Arrays.copyOfRange(record, HEAD, record.length));
    }
    return new Content(round, first, records);
  }

  @Override
  public void close() throws IOException {
    device.close();
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }
}
