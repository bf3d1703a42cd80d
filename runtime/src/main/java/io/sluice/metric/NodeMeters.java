package io.sluice.metric;

import com.typesafe.config.Config;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.limit.LimitMeter;
import io.sluice.queue.QueueMeter;
import io.sluice.run.State;
import io.sluice.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** All that a node measures, in a registry that has no other node. */
public final class NodeMeters {
  private static final List<MemberStatus> STATUSES =
      List.of(
          MemberStatus.joining(),
          MemberStatus.weaklyUp(),
          MemberStatus.up(),
          MemberStatus.leaving(),
          MemberStatus.exiting(),
          MemberStatus.down());

  private final MeterRegistry registry;
  private final MetricSettings settings;
  private final LimitMeters limits;
  private final QueueMeters queues;
  private final RunMeters runs;

  private NodeMeters(MeterRegistry registry, MetricSettings settings, InstantSource clock) {
    this.registry = registry;
    this.settings = settings;
    this.limits = new LimitMeters(registry, settings, clock);
    this.queues = new QueueMeters(registry, settings, clock);
    this.runs = new RunMeters(registry);
  }

  /**
   * @param registry empty to measure nothing
   * @param config {@code sluice}
   * @param clock of the node
   */
  public static Optional<NodeMeters> of(
      Optional<MeterRegistry> registry, Config config, InstantSource clock) {
    return registry.map(
        r -> new NodeMeters(r, MetricSettings.from(config.getConfig("metrics")), clock));
  }

  /** A meter for each owner of a limit. */
  public static Supplier<LimitMeter> ofLimits(Optional<NodeMeters> meters) {
    return meters.<Supplier<LimitMeter>>map(m -> m.limits::meter).orElse(() -> LimitMeter.NONE);
  }

  /** A meter for each owner of a work queue. */
  public static Supplier<QueueMeter> ofQueues(Optional<NodeMeters> meters) {
    return meters.<Supplier<QueueMeter>>map(m -> m.queues::meter).orElse(() -> QueueMeter.NONE);
  }

  /**
   * A flow run entered a state.
   *
   * @param before null if it is new
   */
  public void entered(State before, State after) {
    runs.entered(before, after);
  }

  /** Measures the store; its figures are asked for when the registry is read. */
  public void measure(Store store) {
    var commits =
        Timer.builder("sluice.store.commit")
            .description("Commits of rows, durable")
            .serviceLevelObjectives(settings.handOffs())
            .register(registry);
    store.writer().onCommit(commits::record);
    Gauge.builder("sluice.store.writes.waiting", store, s -> s.writer().waiting())
        .description("Writes that wait for a commit")
        .register(registry);
    Gauge.builder("sluice.store.reads.waiting", store, Store::readsWaiting)
        .description("Queries that wait for a thread")
        .register(registry);
    Gauge.builder("sluice.store.connections.in.use", store, Store::connectionsInUse)
        .description("Connections of the pool that somebody uses")
        .register(registry);
  }

  /** Says who belongs to the cluster as this node sees it, and which version it runs. */
  public void measure(ActorSystem<?> system, String version) {
    var cluster = Cluster.get(system);
    for (var status : STATUSES) {
      Gauge.builder("sluice.cluster.members", cluster, c -> members(c, status))
          .description("Members of the cluster as this node sees it")
          .tag("status", status.toString().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("sluice.cluster.unreachable", cluster, c -> c.state().getUnreachable().size())
        .description("Members that this node does not reach")
        .register(registry);
    Gauge.builder("sluice.build.info", () -> 1)
        .description("Always 1; the labels say which build this is")
        .tag("version", version)
        .register(registry);
  }

  /** Takes out of the registry all that begins with {@code sluice}: it is of one node only. */
  public void close() {
    registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("sluice."))
        .forEach(registry::remove);
  }

  private static double members(Cluster cluster, MemberStatus status) {
    int count = 0;
    for (var member : cluster.state().getMembers()) {
      count += member.status().equals(status) ? 1 : 0;
    }
    return count;
  }
}
