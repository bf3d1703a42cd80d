package io.sluice.load;

import io.sluice.load.history.Entry.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A node as a child process, with the same data directory and port each time it is started. It ends
 * with this program.
 */
final class NodeProcess implements AutoCloseable {
  private static final Duration START_WITHIN = Duration.ofMinutes(3);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final int LOG_TAIL = 5;

  private final Path jar;
  private final Path dataDir;
  private final Path log;
  private final int port;
  private final Recorder recorder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread onExit = new Thread(this::destroy, "node-stop");
  private volatile Process process;

  /**
   * @param log what the node prints is added to it
   */
  NodeProcess(Path jar, Path dataDir, Path log, Recorder recorder) {
    this.jar = jar;
    this.dataDir = dataDir;
    this.log = log;
    this.recorder = recorder;
    this.port = freePort();
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new Failure(
          "No free port is to be had: " + failed.getMessage(), "Close other programs.", failed);
    }
  }

  URI api() {
    return URI.create("http://127.0.0.1:%d/api".formatted(port));
  }

  /**
   * Starts the node; returns when it answers.
   *
   * @throws Failure if it does not within three minutes
   */
  void start() {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-jar",
                      jar.toString(),
                      "server",
                      "start",
                      "--data-dir",
                      dataDir.toString(),
                      "--port",
                      Integer.toString(port)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      long began = System.nanoTime();
      awaitHealth(began);
      recorder.node(Kind.STARTED, "pid %d".formatted(process.pid()));
    } catch (IOException failed) {
      throw new Failure(
          "The node cannot be started: " + failed.getMessage(), "See the log " + log, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitHealth(long began) throws IOException, InterruptedException {
    while (!isHealthy()) {
      boolean ended = process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() - began > START_WITHIN.toNanos()) {
        throw new Failure(
            "The node %s: %s"
                .formatted(
                    ended
                        ? "ended by itself"
                        : "does not answer after " + Durations.text(START_WITHIN),
                    tail()),
            "Its whole log is " + log,
            null);
      }
    }
  }

  private boolean isHealthy() throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(api() + "/health")).timeout(START_WITHIN).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String tail() throws IOException {
    var lines = Files.readAllLines(log);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
  }

  /** Kills the node by SIGKILL: it has no chance to do anything. Returns when it is gone. */
  void kill(String why) {
    destroy();
    recorder.node(Kind.KILLED, why);
  }

  private void destroy() {
    var running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  /** Asks the node to stop; kills it if it does not. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    try {
      if (process != null) {
        process.destroy();
        if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
          destroy();
        }
      }
    } catch (InterruptedException interrupted) {
      destroy();
      Thread.currentThread().interrupt();
    }
  }
}
