package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;

/** A whole node in this process, its data in a directory; stopped and started on it at will. */
public final class TestNode implements AutoCloseable {
  /** Longer than anything takes here on a busy machine; reached only if something is wrong. */
  public static final Duration BOUND = Duration.ofSeconds(45);

  private static final UUID NOBODY = new UUID(0, 1);

  private final Config config;
  private final InstantSource clock;
  private SluiceNode node;

  private TestNode(Config config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * @param settings override the defaults, by path
   */
  public static TestNode start(Path dir, Map<String, ?> settings) {
    return start(dir, settings, InstantSource.system());
  }

  static TestNode start(Path dir, Map<String, ?> settings, InstantSource clock) {
    var started = new TestNode(config(dir, settings), clock);
    started.start();
    return started;
  }

  public static TestNode start(Path dir) {
    return start(dir, Map.of());
  }

  static Config config(Path dir, Map<String, ?> settings) {
    var url = "jdbc:h2:file:" + dir.resolve("sluice") + ";DB_CLOSE_ON_EXIT=FALSE";
    var own =
        Map.of(
            "sluice.store.url", url,
            "pekko.jvm-shutdown-hooks", "off",
            "pekko.loglevel", "WARNING",
            "pekko.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout", "2s",
            "pekko.remote.artery.canonical.hostname", "127.0.0.1",
            "pekko.remote.artery.canonical.port", 0,
            "pekko.cluster.downing-provider-class",
                "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider",
            "pekko.cluster.jmx.enabled", "off");
    return SluiceConfig.over(
        ConfigFactory.parseMap(settings).withFallback(ConfigFactory.parseMap(own)));
  }

  private void start() {
    node = SluiceNode.startAlone(config, clock);
    // It answers once its cluster of one has formed, which takes long on a busy machine.
    eventually(() -> assertThat(await(owners().pools().find(NOBODY))).isEmpty());
  }

  /** Stops the node and starts another one on the same data. */
  public void restart() {
    node.close();
    start();
  }

  public SluiceNode node() {
    return node;
  }

  public Owners owners() {
    return node.owners();
  }

  /** The answer, waited for within {@link #BOUND}; its failure as the cause. */
  public static <T> T await(CompletableFuture<T> answer) {
    return answer.orTimeout(BOUND.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** Tries {@code assertion} again until it holds, within {@link #BOUND}. */
  public void eventually(Runnable assertion) {
    TestProbe.create(node.system())
        .awaitAssert(
            BOUND,
            Duration.ofMillis(50),
            () -> {
              assertion.run();
              return null;
            });
  }

  @Override
  public void close() {
    node.close();
  }
}
