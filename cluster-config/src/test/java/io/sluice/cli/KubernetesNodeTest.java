package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.node.SluiceVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The manifests for Kubernetes, as a node reads them,")
class KubernetesNodeTest {
  private static Manifests manifests;
  private static JsonNode deployment;
  private static JsonNode container;

  @BeforeAll
  static void read() throws IOException {
    manifests = Manifests.read();
    deployment = manifests.deployment();
    container = manifests.container();
  }

  private static Set<String> variables() {
    var names = new TreeSet<>(DeployFiles.names(manifests.object("v1/ConfigMap").get("data")));
    names.addAll(DeployFiles.names(manifests.object("v1/Secret").get("stringData")));
    container.get("env").forEach(variable -> names.add(variable.get("name").asText()));
    return names;
  }

  private static String variable(String name) {
    for (var variable : container.get("env")) {
      if (variable.get("name").asText().equals(name)) {
        return variable.get("value").asText();
      }
    }
    throw new AssertionError("no variable " + name);
  }

  @Test
  void start_this_version_with_arguments_that_it_takes() {
    assertThat(container.get("image").asText()).isEqualTo("sluice:" + SluiceVersion.current());
    var tag = Manifests.kustomization().at("/images/0/newTag");
    assertThat(tag.asText()).isEqualTo(SluiceVersion.current());
    DeployFiles.parse(DeployFiles.texts(container.get("args")));
  }

  @Test
  void set_no_variable_that_a_node_does_not_read() {
    assertThat(variables())
        .contains("SLUICE_STORE_URL", "SLUICE_STORE_PASSWORD", "SLUICE_CLUSTER_HOST")
        .isSubsetOf(DeployFiles.variablesOfANode());
  }

  @Test
  void name_its_ports() {
    var settings = DeployFiles.settings();
    var ports = new HashMap<String, Integer>();
    container
        .get("ports")
        .forEach(port -> ports.put(port.get("name").asText(), port.get("containerPort").asInt()));
    assertThat(ports)
        .containsOnly(
            Map.entry("api", settings.getInt("sluice.server.port")),
            Map.entry("management", settings.getInt("sluice.cluster.management-port")),
            Map.entry("cluster", settings.getInt("sluice.cluster.port")));
  }

  @Test
  void let_it_find_the_pods_of_the_deployment_and_begin_only_with_all_of_them() {
    var settings = DeployFiles.settings();
    var selector = settings.getString("pekko.discovery.kubernetes-api.pod-label-selector");
    var service = variable("SLUICE_DISCOVERY_SERVICE");
    assertThat(selector.formatted(service))
        .isEqualTo("app=" + deployment.at("/spec/template/metadata/labels/app").asText());
    assertThat(settings.getBoolean("pekko.discovery.kubernetes-api.use-raw-ip")).isTrue();
    assertThat(variable("SLUICE_DISCOVERY_NODES"))
        .isEqualTo(deployment.at("/spec/replicas").asText());
    assertThat(variable("SLUICE_DISCOVERY_METHOD"))
        .isEqualTo(settings.getString("pekko.discovery.method"));
    var rule = manifests.object("rbac.authorization.k8s.io/v1/Role").at("/rules/0");
    assertThat(DeployFiles.texts(rule.get("resources"))).containsExactly("pods");
    assertThat(DeployFiles.texts(rule.get("verbs"))).contains("list");
  }

  @Test
  void give_it_the_time_to_start() {
    var within = DeployFiles.settings().getDuration("sluice.server.answer-within");
    var probe = container.get("startupProbe");
    var allowed = probe.get("periodSeconds").asLong() * probe.get("failureThreshold").asLong();
    assertThat(Duration.ofSeconds(allowed)).isGreaterThan(within);
  }

  @Test
  void give_it_the_time_to_hand_its_owners_over() {
    var server = DeployFiles.settings().getConfig("sluice.server");
    var before = container.at("/lifecycle/preStop/exec/command/1").asLong();
    var stop =
        Duration.ofSeconds(before)
            .plus(server.getDuration("drain-within"))
            .plus(server.getDuration("stop-within"));
    var grace = deployment.at("/spec/template/spec/terminationGracePeriodSeconds").asLong();
    assertThat(Duration.ofSeconds(grace)).isGreaterThan(stop.plusSeconds(5));
  }

  @Test
  void wait_longer_for_a_check_than_it_may_take() {
    var settings = DeployFiles.settings();
    var most = settings.getDuration("pekko.management.health-checks.check-timeout");
    for (var name : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(Duration.ofSeconds(container.get(name).get("timeoutSeconds").asLong()))
          .as(name)
          .isGreaterThan(most);
    }
    assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/alive");
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/ready");
  }

  @Test
  void keep_a_majority_while_nodes_are_replaced() {
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
    assertThat(deployment.at("/spec/strategy/rollingUpdate/maxSurge").asInt()).isEqualTo(1);
    assertThat(manifests.object("policy/v1/PodDisruptionBudget").at("/spec/maxUnavailable").asInt())
        .isEqualTo(1);
  }
}
