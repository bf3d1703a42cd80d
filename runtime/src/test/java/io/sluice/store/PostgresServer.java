package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of the test's own: in a temporary directory, at a free port, gone afterwards.
 * PostgreSQL refuses to run as root; then it runs as the user postgres.
 */
public final class PostgresServer {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String USER = "sluice";

  private final Path programs;
  private final Path dir;
  private final int port;
  private int databases;

  private PostgresServer(Path programs, Path dir, int port) {
    this.programs = programs;
    this.dir = dir;
    this.port = port;
  }

  /** Starts a server; without PostgreSQL on this machine the test is skipped, and says so. */
  public static PostgresServer startOrSkip() throws IOException, InterruptedException {
    var programs = programs();
    if (programs.isEmpty()) {
      var why = "SKIPPED: nothing was tested on PostgreSQL; there is none in " + INSTALLED;
      System.err.println(why);
      Assumptions.abort(why);
    }
    var dir = Files.createTempDirectory("sluice-postgres");
    var server = new PostgresServer(programs.get(), dir, freePort());
    server.start();
    return server;
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (var versions = Files.list(INSTALLED)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private void start() throws IOException, InterruptedException {
    if (isRoot()) {
      run(List.of("chown", "postgres", dir.toString()));
    }
    asUser("initdb", "-D", data(), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync");
    var options = "-p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off".formatted(port, dir);
    asUser("pg_ctl", "-D", data(), "-o", options, "-l", dir.resolve("log").toString(), "start");
  }

  private String data() {
    return dir.resolve("data").toString();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void asUser(String program, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    var output = Files.createTempFile("sluice-postgres", ".out");
    var process =
        new ProcessBuilder(command)
            .directory(dir.toFile().getParentFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    assertThat(process.exitValue()).as("%s: %s", command, Files.readString(output)).isZero();
    Files.delete(output);
  }

  /** The URL of a new, empty database. */
  public String newDatabase() throws SQLException {
    var name = "sluice" + ++databases;
    try (var connection = DriverManager.getConnection(url("postgres"), USER, "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?reWriteBatchedInserts=true".formatted(port, database);
  }

  public String user() {
    return USER;
  }

  public void stop() throws IOException, InterruptedException {
    asUser("pg_ctl", "-D", data(), "-m", "immediate", "stop");
    run(List.of("rm", "-r", dir.resolve("data").toString()));
    try (var left = Files.walk(dir)) {
      for (var file : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
