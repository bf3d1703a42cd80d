package io.sluice.load.compare;

import io.sluice.load.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * What the machine can do at best, by the same client and in the same run: nobody can expect a
 * server that keeps what it grants to be faster.
 *
 * @param directory for files that are written and removed; on the disk that the servers use
 * @param jdbc a database to commit rows to, in a table that is made and dropped
 * @param time for each floor
 */
record Floors(Path directory, Optional<String> jdbc, int connections, Duration time) {
  private static final int PAGE = 4096;
  private static final int DIGITS = 3;
  private static final double NANOS = 1e9;
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final String TABLE = "sluice_load_floor";

  /** What is measured once. */
  private interface Step {
    void run() throws IOException, SQLException;
  }

  Map<String, Double> measure() throws InterruptedException {
    var floors = new LinkedHashMap<String, Double>();
    echo(floors);
    fsync(floors);
    try {
      var files = Files.createTempDirectory(directory, "floor-");
      try {
        // With the write delay of a node that keeps its store in H2.
        commits(floors, "h2", "jdbc:h2:file:" + files.resolve("h2").toAbsolutePath());
      } finally {
        remove(files);
      }
    } catch (IOException failed) {
      throw noDirectory(failed);
    }
    jdbc.ifPresent(url -> commits(floors, "jdbc", url));
    return floors;
  }

  private void echo(Map<String, Double> floors) throws InterruptedException {
    try (var echo = new Echo()) {
      var many = echo(echo, connections);
      floors.put("echo_pairs_per_s", many.figures().get("pairs_per_s"));
      floors.put("echo_pair_p50_ms", many.figures().get("pair_p50_ms"));
      floors.put("echo_pair_p99_ms", many.figures().get("pair_p99_ms"));
      floors.put("echo_alone_round_trip_p50_ms", echo(echo, 1).figures().get("release_p50_ms"));
    }
  }

  private Round echo(Echo echo, int clients) throws InterruptedException {
    var session =
        new Ops(true, 1, clients, time, WARM_UP, OptionalDouble.empty())
            .prepare(new Server("echo", echo.api()));
    session.warmUp();
    return session.play();
  }

  private void fsync(Map<String, Double> floors) {
    try {
      var file = Files.createTempFile(directory, "floor-", ".fsync");
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        var times =
            repeat(
                () -> {
                  channel.write(ByteBuffer.allocate(PAGE));
                  channel.force(false);
                });
        put(floors, "fsync", times);
      } catch (SQLException impossible) {
        throw new IllegalStateException(impossible);
      } finally {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw noDirectory(failed);
    }
  }

  private void commits(Map<String, Double> floors, String name, String url) {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      if (url.startsWith("jdbc:h2:")) {
        statement.execute("SET WRITE_DELAY 0");
      }
      statement.execute("CREATE TABLE " + TABLE + " (id BIGINT PRIMARY KEY, note VARCHAR(200))");
      try (var insert = connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, ?)")) {
        var next = new long[1];
        var times =
            repeat(
                () -> {
                  insert.setLong(1, next[0]++);
                  insert.setString(2, "one row, one commit");
                  insert.executeUpdate();
                });
        put(floors, name + "_commits", times);
      } finally {
        statement.execute("DROP TABLE " + TABLE);
      }
    } catch (SQLException | IOException failed) {
      throw new Failure(
          "Commits cannot be measured at %s: %s.".formatted(url, failed.getMessage()),
          "Name a database that can be written to with --floor-jdbc, or use --no-floors.",
          failed);
    }
  }

  private Histogram repeat(Step step) throws IOException, SQLException {
    var times = new Histogram(DIGITS);
    long end = System.nanoTime() + time.toNanos();
    for (long began = System.nanoTime(); began < end; ) {
      step.run();
      long now = System.nanoTime();
      times.recordValue(now - began);
      began = now;
    }
    return times;
  }

  private void put(Map<String, Double> floors, String name, Histogram times) {
    floors.put(name + "_per_s", times.getTotalCount() / (time.toNanos() / NANOS));
    floors.put(name + "_p50_ms", SlotUse.spread(times)[0]);
    floors.put(name + "_p99_ms", SlotUse.spread(times)[1]);
  }

  private Failure noDirectory(IOException failed) {
    return new Failure(
        "Nothing can be written in %s: %s.".formatted(directory, failed.getMessage()),
        "Name a directory on the servers' disk with --floor-dir, or use --no-floors.",
        failed);
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
