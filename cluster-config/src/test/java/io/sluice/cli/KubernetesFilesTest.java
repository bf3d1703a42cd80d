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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The manifests, as Kubernetes reads them,")
class KubernetesFilesTest {
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

  private static Manifests manifests;
  private static JsonNode deployment;
  private static JsonNode container;

  @BeforeAll
  static void read() throws IOException {
    manifests = Manifests.read();
    deployment = manifests.deployment();
    container = manifests.container();
  }

  private static void check(JsonNode object) throws IOException {
    assertThat(KINDS).containsKey(Manifests.kind(object));
    KINDS.get(Manifests.kind(object)).read(object.toString());
  }

  @Test
  void are_objects_of_its_api() throws IOException {
    assertThat(manifests.objects().keySet()).isEqualTo(KINDS.keySet());
    for (var object : manifests.objects().values()) {
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
    assertThatThrownBy(() -> check(changed("/spec", "replica", 3))).hasMessageContaining("replica");
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
    var listed = Manifests.kustomization().get("resources");
    var expected = Manifests.files();
    assertThat(expected.remove(Manifests.TEMPLATE)).isTrue();
    assertThat(DeployFiles.texts(listed)).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void live_in_one_namespace() {
    var namespace = manifests.object("v1/Namespace").at("/metadata/name");
    for (var object : manifests.objects().values()) {
      if (!object.get("kind").asText().equals("Namespace")) {
        assertThat(object.at("/metadata/namespace"))
            .as(Manifests.kind(object))
            .isEqualTo(namespace);
      }
    }
    assertThat(
            manifests
                .object("rbac.authorization.k8s.io/v1/RoleBinding")
                .at("/subjects/0/namespace"))
        .isEqualTo(namespace);
  }

  @Test
  void select_the_pods_of_the_deployment_and_name_what_is_there() {
    var labels = deployment.at("/spec/template/metadata/labels");
    assertThat(deployment.at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(manifests.object("v1/Service").at("/spec/selector")).isEqualTo(labels);
    for (var kind :
        List.of("policy/v1/PodDisruptionBudget", "networking.k8s.io/v1/NetworkPolicy")) {
      var spec = manifests.object(kind).get("spec");
      var selector = spec.has("selector") ? spec.get("selector") : spec.get("podSelector");
      assertThat(selector.get("matchLabels")).as(kind).isEqualTo(labels);
    }
    var account = manifests.object("v1/ServiceAccount").at("/metadata/name");
    assertThat(deployment.at("/spec/template/spec/serviceAccountName")).isEqualTo(account);
    var binding = manifests.object("rbac.authorization.k8s.io/v1/RoleBinding");
    assertThat(binding.at("/subjects/0/name")).isEqualTo(account);
    assertThat(binding.at("/roleRef/name"))
        .isEqualTo(manifests.object("rbac.authorization.k8s.io/v1/Role").at("/metadata/name"));
    assertThat(container.at("/envFrom/0/configMapRef/name"))
        .isEqualTo(manifests.object("v1/ConfigMap").at("/metadata/name"));
    assertThat(container.at("/envFrom/1/secretRef/name"))
        .isEqualTo(manifests.object("v1/Secret").at("/metadata/name"));
  }

  @Test
  void name_ports_that_the_pods_have() {
    var used = new ArrayList<String>();
    for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      used.add(container.get(probe).at("/httpGet/port").asText());
    }
    used.add(manifests.object("v1/Service").at("/spec/ports/0/targetPort").asText());
    var policy = manifests.object("networking.k8s.io/v1/NetworkPolicy");
    policy.findValues("port").forEach(port -> used.add(port.asText()));
    var names = new ArrayList<String>();
    container.get("ports").forEach(port -> names.add(port.get("name").asText()));
    assertThat(new TreeSet<>(used)).isEqualTo(new TreeSet<>(names));
  }
}
