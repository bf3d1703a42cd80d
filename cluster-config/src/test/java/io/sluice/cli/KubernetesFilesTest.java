package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.sluice.node.SluiceVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The manifests for Kubernetes")
class KubernetesFilesTest {
  private static final Path DIRECTORY = DeployFiles.DIRECTORY.resolve("kubernetes");
  private static final String KUSTOMIZATION = "kustomization.yaml";
  private static final String TEMPLATE = "secret-template.yaml";

  /** Reads one object; refuses unknown and missing fields and values of the wrong kind. */
  private interface Reader {
    Object read(String json) throws IOException;
  }

  private static final Map<String, Reader> KINDS =
      Map.of(
          "v1/ConfigMap", V1ConfigMap::fromJson,
          "v1/Namespace", V1Namespace::fromJson,
          "v1/Secret", V1Secret::fromJson,
          "v1/Service", V1Service::fromJson,
          "v1/ServiceAccount", V1ServiceAccount::fromJson,
          "apps/v1/Deployment", V1Deployment::fromJson,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::fromJson,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::fromJson,
          "rbac.authorization.k8s.io/v1/Role", V1Role::fromJson,
          "rbac.authorization.k8s.io/v1/RoleBinding", V1RoleBinding::fromJson);

  private static final Map<String, JsonNode> OBJECTS = new HashMap<>();
  private static JsonNode deployment;
  private static JsonNode container;

  @BeforeAll
  static void read() throws IOException {
    for (var file : files()) {
      for (var document : DeployFiles.documents(DIRECTORY.resolve(file))) {
        OBJECTS.put(kind(document), document);
      }
    }
    deployment = OBJECTS.get("apps/v1/Deployment");
    container = deployment.at("/spec/template/spec/containers/0");
  }

  /** All but the one that lists the others. */
  private static Set<String> files() throws IOException {
    try (var files = Files.list(DIRECTORY)) {
      var names = new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
      names.remove(KUSTOMIZATION);
      return names;
    }
  }

  private static String kind(JsonNode object) {
    return object.get("apiVersion").asText() + "/" + object.get("kind").asText();
  }

  private static void check(JsonNode object) throws IOException {
    assertThat(KINDS).containsKey(kind(object));
    KINDS.get(kind(object)).read(object.toString());
  }

  private static Set<String> variables() {
    var names = new TreeSet<>(DeployFiles.names(OBJECTS.get("v1/ConfigMap").get("data")));
    names.addAll(DeployFiles.names(OBJECTS.get("v1/Secret").get("stringData")));
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

  @Nested
  class AsKubernetesReadsThem {
    @Test
    void are_objects_of_its_api() throws IOException {
      assertThat(OBJECTS.keySet()).isEqualTo(KINDS.keySet());
      for (var object : OBJECTS.values()) {
        check(object);
      }
    }

    private ObjectNode changed(String path, String name, Object value) {
      ObjectNode copy = deployment.deepCopy();
      ((ObjectNode) copy.at(path)).set(name, DeployFiles.JSON.valueToTree(value));
      return copy;
    }

    @Test
    void would_be_refused_with_a_field_that_does_not_exist() {
      assertThatThrownBy(() -> check(changed("/spec", "replica", 3)))
          .hasMessageContaining("replica");
      var probe = changed("/spec/template/spec/containers/0", "readynessProbe", Map.of());
      assertThatThrownBy(() -> check(probe)).hasMessageContaining("readynessProbe");
    }

    @Test
    void would_be_refused_without_a_field_that_must_be_there() {
      ObjectNode unnamed = deployment.deepCopy();
      ((ObjectNode) unnamed.at("/spec/template/spec/containers/0")).remove("name");
      assertThatThrownBy(() -> check(unnamed)).hasMessageContaining("`name`");
    }

    @Test
    void would_be_refused_with_a_value_of_the_wrong_kind() {
      assertThatThrownBy(() -> check(changed("/spec", "replicas", "three")));
      var probe = "/spec/template/spec/containers/0/livenessProbe";
      assertThatThrownBy(() -> check(changed(probe, "periodSeconds", List.of(1))));
    }

    @Test
    void are_all_applied_but_the_template_of_secrets() throws IOException {
      var listed = DeployFiles.documents(DIRECTORY.resolve(KUSTOMIZATION)).get(0).get("resources");
      var expected = files();
      assertThat(expected.remove(TEMPLATE)).isTrue();
      assertThat(DeployFiles.texts(listed)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void live_in_one_namespace() {
      var namespace = OBJECTS.get("v1/Namespace").at("/metadata/name");
      for (var object : OBJECTS.values()) {
        if (!object.get("kind").asText().equals("Namespace")) {
          assertThat(object.at("/metadata/namespace")).as(kind(object)).isEqualTo(namespace);
        }
      }
      assertThat(
              OBJECTS.get("rbac.authorization.k8s.io/v1/RoleBinding").at("/subjects/0/namespace"))
          .isEqualTo(namespace);
    }

    @Test
    void select_the_pods_of_the_deployment_and_name_what_is_there() {
      var labels = deployment.at("/spec/template/metadata/labels");
      assertThat(deployment.at("/spec/selector/matchLabels")).isEqualTo(labels);
      assertThat(OBJECTS.get("v1/Service").at("/spec/selector")).isEqualTo(labels);
      for (var kind :
          List.of("policy/v1/PodDisruptionBudget", "networking.k8s.io/v1/NetworkPolicy")) {
        var spec = OBJECTS.get(kind).get("spec");
        var selector = spec.has("selector") ? spec.get("selector") : spec.get("podSelector");
        assertThat(selector.get("matchLabels")).as(kind).isEqualTo(labels);
      }
      var account = OBJECTS.get("v1/ServiceAccount").at("/metadata/name");
      assertThat(deployment.at("/spec/template/spec/serviceAccountName")).isEqualTo(account);
      var binding = OBJECTS.get("rbac.authorization.k8s.io/v1/RoleBinding");
      assertThat(binding.at("/subjects/0/name")).isEqualTo(account);
      assertThat(binding.at("/roleRef/name"))
          .isEqualTo(OBJECTS.get("rbac.authorization.k8s.io/v1/Role").at("/metadata/name"));
      assertThat(container.at("/envFrom/0/configMapRef/name"))
          .isEqualTo(OBJECTS.get("v1/ConfigMap").at("/metadata/name"));
      assertThat(container.at("/envFrom/1/secretRef/name"))
          .isEqualTo(OBJECTS.get("v1/Secret").at("/metadata/name"));
    }

    @Test
    void name_ports_that_the_pods_have() {
      var used = new ArrayList<String>();
      for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        used.add(container.get(probe).at("/httpGet/port").asText());
      }
      used.add(OBJECTS.get("v1/Service").at("/spec/ports/0/targetPort").asText());
      var policy = OBJECTS.get("networking.k8s.io/v1/NetworkPolicy");
      policy.findValues("port").forEach(port -> used.add(port.asText()));
      var names = new ArrayList<String>();
      container.get("ports").forEach(port -> names.add(port.get("name").asText()));
      assertThat(new TreeSet<>(used)).isEqualTo(new TreeSet<>(names));
    }
  }

  @Nested
  class AsANodeReadsThem {
    @Test
    void start_this_version_with_arguments_that_it_takes() {
      assertThat(container.get("image").asText()).isEqualTo("sluice:" + SluiceVersion.current());
      var tag =
          DeployFiles.documents(DIRECTORY.resolve(KUSTOMIZATION)).get(0).at("/images/0/newTag");
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
      var rule = OBJECTS.get("rbac.authorization.k8s.io/v1/Role").at("/rules/0");
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
      assertThat(OBJECTS.get("policy/v1/PodDisruptionBudget").at("/spec/maxUnavailable").asInt())
          .isEqualTo(1);
    }
  }
}
