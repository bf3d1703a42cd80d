package io.sluice.load;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.load.history.Entry;
import io.sluice.load.history.Entry.Kind;
import io.sluice.load.history.History;
import io.sluice.load.history.Op;
import io.sluice.load.history.Slots;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the log of a test, in memory and, if asked to, as JSON lines into a file. One monotonic
 * clock orders all entries: an entry about a request is made before it is sent, one about an answer
 * after it came.
 */
public final class Recorder implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .serializationInclusion(Include.NON_NULL)
          .build();

  private final long began;
  private final AtomicLong calls;
  private final List<Entry> entries = new ArrayList<>();
  private final BufferedWriter file;

  /**
   * @param file replaced if it exists; empty for memory only
   */
  public Recorder(Optional<Path> file) {
    this(file, System.nanoTime(), 0);
  }

  /**
   * A part of a log that several processes of one machine write.
   *
   * @param began the {@link System#nanoTime()} at which the log began: on Linux all processes share
   *     its origin
   * @param callsBefore calls are numbered from the next number on
   */
  public Recorder(Optional<Path> file, long began, long callsBefore) {
    this.began = began;
    this.calls = new AtomicLong(callsBefore);
    try {
      this.file = file.isEmpty() ? null : Files.newBufferedWriter(file.get());
    } catch (IOException failed) {
      throw new Failure(
          "The history cannot be written to %s: %s.".formatted(file.get(), failed),
          "Choose a file in a directory that exists and can be written.",
          failed);
    }
  }

  /** The {@link System#nanoTime()} at which the log began. */
  public long began() {
    return began;
  }

  /** Time of the log. */
  public long now() {
    return System.nanoTime() - began;
  }

  /** Sets a new call apart from all others. */
  public long newCall() {
    return calls.incrementAndGet();
  }

  void request(long call, int attempt, String actor, Op op, String run) {
    append(Kind.SENT, call, attempt, actor, op, run, null, null, null, null, null);
  }

  void answer(long call, int attempt, String actor, Op op, Reply reply, String run) {
    append(
        Kind.ANSWERED,
        call,
        attempt,
        actor,
        op,
        op == Op.CREATE ? reply.text("id") : run,
        reply.status(),
        op.isProposal() ? reply.verdict() : null,
        op.isProposal() ? reply.stateType() : null,
        reply.isSuccess() ? null : reply.excerpt(),
        null);
  }

  void lost(long call, int attempt, String actor, Op op, String run, String why) {
    append(Kind.LOST, call, attempt, actor, op, run, null, null, null, why, null);
  }

  public void node(Kind what, String note) {
    append(what, newCall(), 0, "node", Op.NODE, null, null, null, null, note, null);
  }

  /** An entry about slots; it is in the file when this returns. */
  public void slots(
      Kind kind,
      long call,
      int attempt,
      String actor,
      Op op,
      Integer status,
      String note,
      Slots slots) {
    append(kind, call, attempt, actor, op, null, status, null, null, note, slots);
    flush();
  }

  private synchronized void flush() {
    try {
      if (file != null) {
        file.flush();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private synchronized void append(
      Kind kind,
      long call,
      int attempt,
      String actor,
      Op op,
      String run,
      Integer status,
      String verdict,
      String state,
      String note,
      Slots slots) {
    var entry =
        new Entry(
            System.nanoTime() - began,
            kind,
            call,
            attempt,
            actor,
            op,
            run,
            status,
            verdict,
            state,
            note,
            slots);
    entries.add(entry);
    if (file != null) {
      try {
        file.write(JSON.writeValueAsString(entry));
        file.newLine();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  /** Everything so far. */
  public synchronized History history() {
    return new History(entries);
  }

  /** What such a file holds; a last line that was cut off with its writer is left out. */
  public static List<Entry> read(Path file) throws IOException {
    var read = new ArrayList<Entry>();
    var lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      try {
        read.add(JSON.readValue(lines.get(i), Entry.class));
      } catch (JsonProcessingException cutOff) {
        if (i < lines.size() - 1) {
          throw cutOff;
        }
      }
    }
    return read;
  }

  @Override
  public synchronized void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
