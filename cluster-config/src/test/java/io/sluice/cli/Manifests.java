package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The manifests for Kubernetes.
 *
 * @param objects by {@code apiVersion/kind}, of each of which there is one
 */
record Manifests(Map<String, JsonNode> objects) {
  static final Path DIRECTORY = DeployFiles.DIRECTORY.resolve("kubernetes");
  static final String TEMPLATE = "secret-template.yaml";
  private static final String KUSTOMIZATION = "kustomization.yaml";

  static Manifests read() throws IOException {
    var objects = new HashMap<String, JsonNode>();
    for (var file : files()) {
      for (var document : DeployFiles.documents(DIRECTORY.resolve(file))) {
        if (objects.put(kind(document), document) != null) {
          throw new AssertionError("There are several of " + kind(document));
        }
      }
    }
    return new Manifests(Map.copyOf(objects));
  }

  /** All but the one that lists the others. */
  static Set<String> files() throws IOException {
    try (var files = Files.list(DIRECTORY)) {
      var names = new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
      names.remove(KUSTOMIZATION);
      return names;
    }
  }

  static JsonNode kustomization() {
    return DeployFiles.documents(DIRECTORY.resolve(KUSTOMIZATION)).get(0);
  }

  static String kind(JsonNode object) {
    return object.get("apiVersion").asText() + "/" + object.get("kind").asText();
  }

  JsonNode object(String kind) {
    return objects.get(kind);
  }

  JsonNode deployment() {
    return object("apps/v1/Deployment");
  }

  JsonNode container() {
    return deployment().at("/spec/template/spec/containers/0");
  }
}
