package io.sluice.prefect;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.http.Asker;
import io.sluice.http.Exposition;
import io.sluice.http.Server;
import io.sluice.node.SluiceConfig;
import io.sluice.node.SluiceNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.ServerBinding;

/** A real node with its data in a directory of its own, served at a free port. */
final class Served implements AutoCloseable {
  private static final String ALONE =
      """
      pekko {
        jvm-shutdown-hooks = off
        remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
        cluster.jmx.enabled = off
        cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
        coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = 2s
      }
      """;

  private final Path directory;
  private final Config config;
  private final InstantSource clock;
  private final Optional<Exposition> exposition;
  private SluiceNode node;
  private Server server;
  private ServerBinding http;

  private Served(Path directory, Config config, InstantSource clock, boolean measured) {
    this.directory = directory;
    this.config = SluiceConfig.over(config);
    this.clock = clock;
    this.exposition = measured ? Exposition.of(this.config) : Optional.empty();
    start();
  }

  private void start() {
    node = SluiceNode.startAlone(config, clock, exposition.map(Exposition::registry));
    server = PrefectApi.server(node, exposition);
    http = server.bind("127.0.0.1", 0, Optional.empty()).toCompletableFuture().join();
  }

  /**
   * Starts one; its API answers when this returns.
   *
   * @param settings HOCON, stronger than the defaults
   */
  static Served start(String settings, InstantSource clock) {
    return start(settings, clock, false);
  }

  /** The same with metrics, as {@code sluice server start} has them. */
  static Served measured(String settings, InstantSource clock) {
    return start(settings, clock, true);
  }

  private static Served start(String settings, InstantSource clock, boolean measured) {
    try {
      var directory = Files.createTempDirectory("sluice-http");
      var config =
          ConfigFactory.parseString(settings)
              .withFallback(ConfigFactory.parseString(ALONE))
              .withFallback(
                  ConfigFactory.parseString(
                      "sluice.store.url = \"jdbc:h2:file:%s;DB_CLOSE_ON_EXIT=FALSE\""
                          .formatted(directory.resolve("sluice"))));
      return new Served(directory, config, clock, measured);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  SluiceNode node() {
    return node;
  }

  Asker api() {
    return new Asker(
        URI.create("http://127.0.0.1:%d/api".formatted(http.localAddress().getPort())));
  }

  /** Answers what is held. */
  void letGo() {
    server.letGo();
  }

  /** Stops it and starts it again on the same data, at another port. */
  void restart() {
    stop();
    start();
  }

  private void stop() {
    server.letGo();
    http.terminate(Duration.ofSeconds(2)).toCompletableFuture().join();
    node.close();
  }

  @Override
  public void close() {
    stop();
    exposition.ifPresent(Exposition::close);
    try (Stream<Path> files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
