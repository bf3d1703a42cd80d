package io.sluice.load.faults;

import io.sluice.load.Failure;
import io.sluice.load.Recorder;
import io.sluice.load.history.Entry;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Clients in a process of their own, which can be killed and paused; it has its own log. */
final class ClientProcess implements AutoCloseable {
  private final String name;
  private final Path file;
  private final Process process;
  private final Thread onExit = new Thread(this::kill, "clients-stop");

  /**
   * @param callsBefore calls are numbered from there on
   * @param dir for its log
   */
  ClientProcess(
      String name, List<URI> nodes, Stock stock, Recorder recorder, long callsBefore, Path dir) {
    this.name = name;
    this.file = dir.resolve(name + ".jsonl");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes(),
            "io.sluice.load.Main",
            "fault-clients",
            "--name=" + name,
            "--nodes=" + nodes.stream().map(URI::toString).collect(Collectors.joining(",")),
            "--stock=" + stock.text(),
            "--began=" + recorder.began(),
            "--calls-before=" + callsBefore,
            "--file=" + file);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve(name + ".log").toFile())
              .start();
    } catch (IOException failed) {
      throw new Failure("Clients cannot be started: " + failed.getMessage(), "See above.", failed);
    }
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  private static String classes() {
    try {
      var source = ClientProcess.class.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  String name() {
    return name;
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void signal(String signal) {
    Shell.run("kill", "-" + signal, "" + process.pid());
  }

  /** As in proc(5): T if it is stopped; empty if it is gone. */
  String state() {
    try {
      var stat = Files.readString(Path.of("/proc/%d/stat".formatted(process.pid())));
      return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Lets it end by itself; false if it had to be killed. */
  boolean finish(Duration within) {
    try {
      process.getOutputStream().close();
      if (process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
    } catch (IOException gone) {
      return !process.isAlive();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    kill();
    return false;
  }

  /** What it has logged so far. */
  List<Entry> entries() throws IOException {
    return Files.exists(file) ? Recorder.read(file) : List.of();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    kill();
  }
}
