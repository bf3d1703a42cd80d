package io.sluice.node;

import io.sluice.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ClusterShardingHealthCheck;
import scala.jdk.javaapi.FutureConverters;

/**
 * Whether a node can answer: it is a member of its cluster and not on its way out, it knows who
 * places the owners, and its store answers.
 *
 * <p>It does not depend on other nodes: while owners of a node that died are taken over, those that
 * live stay ready, or nobody would send them requests any more.
 */
public final class Readiness {
  /** Longer than a healthy store ever takes, shorter than whoever checks waits. */
  private static final Duration STORE_WITHIN = Duration.ofSeconds(3);

  /** What a store says that does not answer, as Prefect 3.8.8 does (server/api/root.py). */
  private static final String NO_STORE = "Database is not available";

  private final Cluster cluster;
  private final Supplier<CompletableFuture<Boolean>> placed;
  private final Store store;

  private Readiness(Cluster cluster, Supplier<CompletableFuture<Boolean>> placed, Store store) {
    this.cluster = cluster;
    this.placed = placed;
    this.store = store;
  }

  static Readiness of(org.apache.pekko.actor.typed.ActorSystem<?> typed, Store store) {
    ActorSystem system = Adapter.toClassic(typed);
    var cluster = Cluster.get(system);
    var sharding = new ClusterShardingHealthCheck(system);
    return new Readiness(cluster, () -> asked(sharding), store);
  }

  private static CompletableFuture<Boolean> asked(ClusterShardingHealthCheck sharding) {
    var answer = new CompletableFuture<Boolean>();
    FutureConverters.asJava(sharding.apply())
        .whenCompleteAsync(
            (placed, failure) -> answer.complete(failure == null && (Boolean) placed),
            Runnable::run);
    return answer;
  }

  /** Why the node is not ready; empty if it is. Never fails; takes a few seconds at most. */
  public CompletableFuture<Optional<String>> whyNot() {
    var status = self();
    if (!status.equals(MemberStatus.up()) && !status.equals(MemberStatus.weaklyUp())) {
      return CompletableFuture.completedFuture(
          Optional.of("The node is not a member of its cluster: it is %s".formatted(status)));
    }
    return placed
        .get()
        .thenCompose(
            known ->
                known
                    ? storeAnswers()
                    : CompletableFuture.completedFuture(
                        Optional.of("The node does not know yet where the owners are")));
  }

  private CompletableFuture<Optional<String>> storeAnswers() {
    return store
        .ping()
        .orTimeout(STORE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(done -> Optional.<String>empty())
        .exceptionally(down -> Optional.of(NO_STORE));
  }

  /** Whether the node can still become ready; one that left its cluster, or was put out, cannot. */
  public boolean isAlive() {
    return !cluster.isTerminated() && !self().equals(MemberStatus.down());
  }

  private MemberStatus self() {
    return cluster.selfMember().status();
  }
}
