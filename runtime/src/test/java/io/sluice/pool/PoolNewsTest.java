package io.sluice.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes of one cluster in one process. */
@DisplayName("What changed in a work pool")
@Timeout(120)
class PoolNewsTest {
  private static ActorSystem<Void> left;
  private static ActorSystem<Void> right;
  private static PoolNews here;
  private static PoolNews there;

  private final UUID pool = UUID.randomUUID();
  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @BeforeAll
  static void form() {
    left = system();
    right = system();
    var seed = Cluster.get(left).selfMember().address();
    Cluster.get(left).manager().tell(Join.create(seed));
    Cluster.get(right).manager().tell(Join.create(seed));
    here = new PoolNews(left);
    there = new PoolNews(right);
  }

  private static ActorSystem<Void> system() {
    var config =
        ConfigFactory.parseString(
            """
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.cluster.jmx.enabled = off
            """);
    return ActorSystem.create(Behaviors.empty(), "service", SluiceConfig.over(config));
  }

  @AfterAll
  static void end() {
    left.terminate();
    right.terminate();
  }

  /** Nodes come to know each other's listeners in a while; then each hears of each change once. */
  @Test
  void is_heard_on_all_nodes_by_those_who_listen_to_that_pool() throws Exception {
    var endOther = there.listen(UUID.randomUUID(), () -> heard.add("other"));
    var endHere = here.listen(pool, () -> heard.add("here"));
    assertThat(firstTold()).isEqualTo("here");
    endHere.run();
    var endThere = there.listen(pool, () -> heard.add("there"));
    assertThat(firstTold()).isEqualTo("there");
    endThere.run();
    endOther.run();
  }

  private String firstTold() throws InterruptedException {
    heard.clear();
    String told = null;
    while (told == null) {
      here.changed(pool);
      told = heard.poll(200, TimeUnit.MILLISECONDS);
    }
    return told;
  }
}
