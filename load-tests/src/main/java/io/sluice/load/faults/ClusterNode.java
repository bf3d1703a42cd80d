package io.sluice.load.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.load.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A node of the cluster under test, as a process with the same addresses each time it starts. */
final class ClusterNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ASK_WITHIN = Duration.ofSeconds(5);
  private static final String HEAP = "-Xmx512m";

  private final Place place;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread onExit = new Thread(this::kill, "node-stop");
  private Process process;

  /**
   * Where a node runs.
   *
   * @param at what comes before its command
   * @param seeds host and cluster port of all nodes
   * @param storeUrl of the database that they share
   * @param log what it prints is added to this file
   */
  record Place(
      String name,
      Path jar,
      List<String> at,
      String host,
      int apiPort,
      int clusterPort,
      int managementPort,
      List<String> seeds,
      String storeUrl,
      List<String> options,
      Path log) {}

  ClusterNode(Place place) {
    this.place = place;
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  String name() {
    return place.name();
  }

  URI api() {
    return URI.create("http://%s:%d/api".formatted(place.host(), place.apiPort()));
  }

  /** Starts the process; it is not ready when this returns. */
  void start() {
    var command = new ArrayList<>(place.at());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(HEAP);
    command.addAll(place.options());
    command.addAll(List.of("-jar", place.jar().toString(), "server", "start"));
    command.addAll(List.of("--profile", "cluster", "--host", place.host()));
    command.addAll(List.of("--port", "" + place.apiPort(), "--store-url", place.storeUrl()));
    command.addAll(List.of("--store-user", Postgres.USER, "--cluster-host", place.host()));
    command.addAll(List.of("--cluster-port", "" + place.clusterPort()));
    command.addAll(List.of("--management-port", "" + place.managementPort()));
    command.addAll(List.of("--seed-node", String.join(",", place.seeds())));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SLUICE_CLUSTER_BIND_HOST", place.host());
    try {
      process =
          builder.redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile())).start();
    } catch (IOException failed) {
      throw new Failure("A node cannot be started: " + failed.getMessage(), "See above.", failed);
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  boolean isReady() {
    return isAlive() && get(api() + "/ready").isPresent();
  }

  /** How many members of its cluster it sees as Up; 0 if it does not answer. */
  int members() {
    int up = 0;
    for (var member : management("/cluster/members").path("members")) {
      up += member.path("status").asText().equals("Up") ? 1 : 0;
    }
    return management("/cluster/members").path("unreachable").isEmpty() ? up : 0;
  }

  /** Whether it owns the shard {@code shard} of limits, by its own word. */
  boolean ownsShard(int shard) {
    for (var region : management("/cluster/shards/limit").path("regions")) {
      if (region.path("shardId").asText().equals("" + shard)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode management(String path) {
    var base = "http://%s:%d".formatted(place.host(), place.managementPort());
    return get(base + path).orElseGet(JSON::createObjectNode);
  }

  private Optional<JsonNode> get(String url) {
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(ASK_WITHIN).build();
      var response = http.send(request, BodyHandlers.ofByteArray());
      return response.statusCode() == 200
          ? Optional.of(JSON.readTree(response.body()))
          : Optional.empty();
    } catch (IOException noAnswer) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  // ---- what is done to it ----

  /** Kills it by SIGKILL; returns when it is gone. */
  void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  /** Asks it to stop, by SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Sends it a signal, such as STOP or CONT. */
  void signal(String name) {
    Shell.run("kill", "-" + name, "" + process.pid());
  }

  /** Whether it ended within that time. */
  boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  long pid() {
    return process.pid();
  }

  /** The state of its process as in proc(5): T if it is stopped; empty if there is none. */
  String state() {
    try {
      var stat = Files.readString(Path.of("/proc/%d/stat".formatted(process.pid())));
      return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    } catch (IOException gone) {
      return "";
    }
  }

  // ---- its log ----

  long logSize() {
    try {
      return Files.exists(place.log()) ? Files.size(place.log()) : 0;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The lines of its log behind the first {@code from} bytes. */
  List<String> logSince(long from) {
    try {
      var all = Files.readAllBytes(place.log());
      int start = (int) Math.min(from, all.length);
      return new String(all, start, all.length - start, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    kill();
  }
}
