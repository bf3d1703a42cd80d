package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two nodes of one cluster in one process, with one database. */
@DisplayName("Sluice on actor systems that form a cluster")
class SluiceClusterTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String STORE =
      "jdbc:h2:mem:cluster-%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());

  static ActorSystem<Void> left;
  static ActorSystem<Void> right;
  static Sluice a;
  static Sluice b;

  @BeforeAll
  static void form() {
    left = system();
    right = system();
    var seed = Cluster.get(left).selfMember().address();
    Cluster.get(left).manager().tell(Join.create(seed));
    a = Sluice.on(left);
    Cluster.get(right).manager().tell(Join.create(seed));
    b = Sluice.on(right);
  }

  private static ActorSystem<Void> system() {
    var config =
        ConfigFactory.parseString(
            """
            sluice.store.url = "%s"
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.cluster.jmx.enabled = off
            """
                .formatted(STORE));
    return ActorSystem.create(Behaviors.empty(), "service", SluiceConfig.over(config));
  }

  @AfterAll
  static void end() {
    left.terminate();
    right.terminate();
  }

  @Test
  void shares_limits_between_the_nodes() throws Exception {
    for (int i = 0; i < 8; i++) {
      var limit = "shared-" + i;
      a.define(LimitDefinition.of(limit, 1));
      var changes = new Changes();
      try (var told = b.listen(limit, changes)) {
        assertThat(told).isNotNull();
        var first = a.awaitLease(LeaseRequest.of(limit).heldBy("service a"), LONG);
        var second = b.async().awaitLease(LeaseRequest.of(limit), LONG).toCompletableFuture();
        changes.awaitWaiting(1);
        assertThat(b.find(limit).orElseThrow().holders().get(0).name()).isEqualTo("service a");
        first.close();
        try (var granted = second.get(60, TimeUnit.SECONDS)) {
          assertThat(granted.fencingToken()).isGreaterThan(first.fencingToken());
        }
      }
    }
  }

  @Test
  void knows_a_limit_that_another_node_deleted_and_made_anew() throws Exception {
    a.define(LimitDefinition.of("anew", 5));
    b.awaitLease("anew", LONG).close();
    a.delete("anew");
    a.define(LimitDefinition.of("anew", 1));
    try (var only = b.awaitLease("anew", LONG)) {
      assertThat(only.fencingToken()).isPositive();
      assertThat(a.tryLease("anew")).isEmpty();
      assertThat(b.find("anew").orElseThrow().slots()).isEqualTo(1);
    }
    a.delete("anew");
    assertThatThrownBy(() -> b.awaitLease("anew", LONG))
        .isInstanceOf(SluiceException.NoSuchLimit.class);
  }

  @Test
  void ends_with_its_system_and_not_before() throws Exception {
    var system = system();
    Cluster.get(system).manager().tell(Join.create(Cluster.get(system).selfMember().address()));
    Sluice.on(system).close();
    var sluice = Sluice.on(system);
    sluice.define(LimitDefinition.of("left", 1));
    var lease = sluice.awaitLease("left", LONG);
    var waiting = sluice.async().awaitLease(LeaseRequest.of("left"), LONG).toCompletableFuture();
    system.terminate();
    assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SluiceException.Closed.class);
    assertThat(lease.isHeld()).isFalse();
    lease.close();
  }

  @Test
  void refuses_a_system_that_lacks_what_it_needs() {
    var plain = ActorSystem.create(Behaviors.empty(), "plain");
    try {
      assertThatThrownBy(() -> Sluice.on(plain))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("'plain'", "pekko.actor.provider", "SluiceConfig.over");
    } finally {
      plain.terminate();
    }
  }
}
