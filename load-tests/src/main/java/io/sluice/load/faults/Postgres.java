package io.sluice.load.faults;

import io.sluice.load.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A PostgreSQL server of the suite's own, durable as by default. PostgreSQL refuses to run as root;
 * then it runs as the user postgres.
 */
final class Postgres implements AutoCloseable {
  static final String USER = "sluice";
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String DATABASE = "sluice";

  private final Path programs;
  private final Path dir;
  private final int port;
  private final Thread onExit = new Thread(this::stopQuietly, "postgres-stop");

  private Postgres(Path programs, Path dir, int port) {
    this.programs = programs;
    this.dir = dir;
    this.port = port;
  }

  /**
   * Makes and starts a server.
   *
   * @param dir must not exist
   * @throws Failure if PostgreSQL is not installed or does not start
   */
  static Postgres start(Path dir, int port) {
    try {
      var server = new Postgres(programs(), Files.createDirectory(dir), port);
      if (Shell.isRoot()) {
        Shell.run("chown", "postgres", dir.toString());
      }
      server.run("initdb", "-D", server.data(), "-U", USER, "--auth=trust", "--encoding=UTF8");
      Files.writeString(
          Path.of(server.data(), "pg_hba.conf"),
          "host all all 10.0.0.0/8 trust\n",
          StandardOpenOption.APPEND);
      Runtime.getRuntime().addShutdownHook(server.onExit);
      server.start();
      server.run("createdb", "-h", dir.toString(), "-p", "" + port, "-U", USER, DATABASE);
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path programs() throws IOException {
    if (Files.isDirectory(INSTALLED)) {
      try (var versions = Files.list(INSTALLED)) {
        var newest =
            versions
                .map(version -> version.resolve("bin"))
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                .max(Comparator.naturalOrder());
        if (newest.isPresent()) {
          return newest.get();
        }
      }
    }
    throw new Failure(
        "There is no PostgreSQL in " + INSTALLED, "Install it, e.g. package postgresql.", null);
  }

  private String data() {
    return dir.resolve("data").toString();
  }

  private Shell.Ended attempt(String program, String... arguments) {
    var command = new ArrayList<String>();
    if (Shell.isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return Shell.attempt(command);
  }

  private void run(String program, String... arguments) {
    var ended = attempt(program, arguments);
    if (!ended.isOk()) {
      throw new Failure(
          "%s failed: %s".formatted(program, ended.output()), "See " + dir.resolve("log"), null);
    }
  }

  void start() {
    var options = "-p %d -k %s -c listen_addresses=*".formatted(port, dir);
    run(
        "pg_ctl",
        "-D",
        data(),
        "-o",
        options,
        "-l",
        dir.resolve("log").toString(),
        "-w",
        "-t",
        "60",
        "start");
  }

  /** Ends it at once, as a crash does; returns when it is gone. */
  void stop() {
    run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
  }

  /** What pg_ctl says of it, in one line. */
  String status() {
    return attempt("pg_ctl", "-D", data(), "status").output().lines().findFirst().orElse("");
  }

  String url(String host) {
    return "jdbc:postgresql://%s:%d/%s?reWriteBatchedInserts=true".formatted(host, port, DATABASE);
  }

  private void stopQuietly() {
    attempt("pg_ctl", "-D", data(), "-m", "immediate", "stop");
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    stopQuietly();
  }
}
