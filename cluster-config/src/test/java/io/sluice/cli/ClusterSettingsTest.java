package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The settings of a node of a cluster")
class ClusterSettingsTest {
  private static final String STORE = "sluice.store.url = \"jdbc:postgresql://db/sluice\"\n";

  private static NodeSettings given(String options) {
    return NodeSettings.cluster(ConfigFactory.parseString(STORE + options), Optional.empty());
  }

  private static Failure refused(String options) {
    return catchThrowableOfType(Failure.class, () -> given(options));
  }

  @Test
  void keep_nothing_in_a_directory() {
    assertThat(given("").databaseInDataDir()).isEmpty();
    assertThat(given("").dataName()).isEqualTo("jdbc:postgresql://db/sluice");
  }

  @Test
  void need_a_database_that_others_can_share() {
    assertThat(refused("sluice.store.url = \"\""))
        .hasMessageContaining("none is named")
        .satisfies(failure -> assertThat(failure.next()).contains("--store-url"));
    assertThat(refused("sluice.store.url = \"jdbc:h2:mem:x;PASSWORD=secret\""))
        .hasMessageContaining("jdbc:h2:mem:x is none")
        .hasMessageNotContaining("secret");
  }

  @Test
  void take_seed_nodes_by_host_and_port() {
    var seeds = SeedNodes.of(given("sluice.cluster.seed-nodes = [\"a:1\", \"[::1]:2\"]").config());
    assertThat(seeds)
        .extracting(Object::toString)
        .containsExactly("pekko://sluice@a:1", "pekko://sluice@[::1]:2");
    assertThat(refused("sluice.cluster.seed-nodes = [\"a\"]"))
        .hasMessage("The seed node 'a' is not a host and a port.");
    assertThat(refused("sluice.cluster.seed-nodes = [\"a:65536\"]")).isNotNull();
  }

  @Test
  void reach_artery_and_management_by_the_name_that_other_nodes_use() {
    var config = given("sluice.cluster { host = node-1, port = 1, management-port = 2 }").config();
    assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("node-1");
    assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(1);
    assertThat(config.getString("pekko.management.http.hostname")).isEqualTo("node-1");
    assertThat(config.getInt("pekko.management.http.port")).isEqualTo(2);
  }

  @Test
  void end_the_smaller_part_of_a_split_cluster_and_write_no_java_objects() {
    var config = given("").config();
    assertThat(config.getString("pekko.cluster.downing-provider-class")).contains("SplitBrain");
    assertThat(config.getString("pekko.cluster.split-brain-resolver.active-strategy"))
        .isEqualTo("keep-majority");
    assertThat(config.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
  }

  @Test
  void stop_within_what_a_container_runtime_allows() {
    var settings = given("");
    assertThat(settings.drainWithin().plus(settings.stopWithin()).plusSeconds(1))
        .isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void find_others_by_discovery_if_no_seed_nodes_are_named() {
    var config = given("").config();
    assertThat(SeedNodes.of(config)).isEmpty();
    assertThat(config.getString("pekko.discovery.method")).isEqualTo("kubernetes-api");
    assertThat(Joining.next(config)).contains("kubernetes-api finds 3 nodes named 'sluice'");
  }
}
