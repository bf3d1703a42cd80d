package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A program in a JVM of its own, with the class path of the test. It is killed when closed. */
final class Program implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> out = Collections.synchronizedList(new ArrayList<>());
  private final List<String> err = Collections.synchronizedList(new ArrayList<>());
  private final BlockingQueue<Optional<String>> unread = new LinkedBlockingQueue<>();
  private final List<Thread> readers;

  private Program(Process process) {
    this.process = process;
    this.readers =
        List.of(
            reader(process.getInputStream(), out, true),
            reader(process.getErrorStream(), err, false));
  }

  /** Starts Sluice as {@code java -jar} would: without flags of Sluice's own. */
  static Program sluice(String... arguments) throws IOException {
    return start(Map.of(), List.of(), Main.class, arguments);
  }

  static Program start(
      Map<String, String> environment, List<String> flags, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    // The tests are many short lives.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("(SLUICE|PREFECT)_.*"));
    builder.environment().putAll(environment);
    return new Program(builder.start());
  }

  private Thread reader(InputStream stream, List<String> lines, boolean awaited) {
    var reader =
        new Thread(
            () -> {
              try (var text =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (var line = text.readLine(); line != null; line = text.readLine()) {
                  lines.add(line);
                  if (awaited) {
                    unread.add(Optional.of(line));
                  }
                }
              } catch (IOException broken) {
                throw new UncheckedIOException(broken);
              } finally {
                if (awaited) {
                  unread.add(Optional.empty());
                }
              }
            });
    reader.start();
    return reader;
  }

  long pid() {
    return process.pid();
  }

  List<String> out() {
    return List.copyOf(out);
  }

  List<String> err() {
    return List.copyOf(err);
  }

  /** The first line of stdout not yet awaited that has {@code regex} in it. */
  MatchResult awaitLine(String regex) throws InterruptedException {
    var pattern = Pattern.compile(regex);
    while (true) {
      var line = unread.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null || line.isEmpty()) {
        throw new AssertionError("no line '%s' in %s; stderr: %s".formatted(regex, out, err));
      }
      var matcher = pattern.matcher(line.get());
      if (matcher.find()) {
        return matcher.toMatchResult();
      }
    }
  }

  /** Waits for the end; afterwards {@link #out} and {@link #err} are complete. */
  int awaitExit() throws InterruptedException {
    return awaitExit(PATIENCE);
  }

  int awaitExit(Duration within) throws InterruptedException {
    assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
        .as("ended within %s; stdout %s, stderr %s", within, out, err)
        .isTrue();
    for (var reader : readers) {
      reader.join(PATIENCE.toMillis());
    }
    return process.exitValue();
  }

  /** Sends SIGTERM; through the handle, because {@link Process#destroy} closes the streams. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Sends SIGINT, as Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(pid())).start().waitFor();
  }

  /** Sends SIGKILL. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  @Override
  public void close() {
    kill();
    process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
