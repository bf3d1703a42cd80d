package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpServer;
import io.sluice.node.SluiceVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The compose file")
class ComposeFileTest {
  private static final Path FILE = DeployFiles.DIRECTORY.resolve("compose.yaml");
  private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)");

  private static JsonSchema schema;
  private static JsonNode compose;

  @BeforeAll
  static void read() throws IOException {
    compose = DeployFiles.documents(FILE).get(0);
    try (var stream = ComposeFileTest.class.getResourceAsStream("/deploy/compose-spec.json")) {
      ObjectNode read = (ObjectNode) DeployFiles.JSON.readTree(stream);
      // It is no URI, which the validator refuses.
      read.remove("$id");
      schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(read);
    }
  }

  private static List<JsonNode> nodes() {
    var nodes = new ArrayList<JsonNode>();
    compose.get("services").forEach(nodes::add);
    nodes.removeIf(service -> !service.get("image").asText().startsWith("sluice:"));
    return nodes;
  }

  @Test
  void follows_the_compose_specification() {
    assertThat(schema.validate(compose)).isEmpty();
  }

  @Test
  void would_not_with_a_field_that_does_not_exist_or_a_value_of_the_wrong_kind() {
    ObjectNode wrong = compose.deepCopy();
    ((ObjectNode) wrong.at("/services/node2")).put("stop_grace_periode", "15s");
    assertThat(schema.validate(wrong)).hasSize(1);
    ObjectNode mistaken = compose.deepCopy();
    ((ObjectNode) mistaken.at("/services/node2/depends_on/postgres")).put("condition", "healthy");
    assertThat(schema.validate(mistaken)).isNotEmpty();
  }

  @Test
  void starts_three_nodes_of_this_version_with_arguments_that_they_take() {
    assertThat(nodes()).hasSize(3);
    for (var node : nodes()) {
      assertThat(node.get("image").asText()).isEqualTo("sluice:" + SluiceVersion.current());
      DeployFiles.parse(DeployFiles.texts(node.get("command")));
    }
  }

  @Test
  void sets_no_variable_that_a_node_does_not_read() {
    for (var node : nodes()) {
      assertThat(DeployFiles.names(node.get("environment")))
          .contains("SLUICE_STORE_URL", "SLUICE_CLUSTER_HOST")
          .isSubsetOf(DeployFiles.variablesOfANode());
    }
  }

  @Test
  void asks_for_no_variable_that_the_example_does_not_name() {
    var asked = new TreeSet<String>();
    VARIABLE.matcher(DeployFiles.text(FILE)).results().forEach(found -> asked.add(found.group(1)));
    var named =
        DeployFiles.text(DeployFiles.DIRECTORY.resolve("example.env"))
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("=", 2)[0])
            .toList();
    assertThat(named).containsExactlyInAnyOrderElementsOf(asked);
  }

  @Test
  void names_all_nodes_as_seeds_by_the_names_that_they_have() {
    int port = DeployFiles.settings().getInt("sluice.cluster.port");
    var hosts = new ArrayList<String>();
    for (var name : DeployFiles.names(compose.get("services"))) {
      var host = compose.get("services").get(name).at("/environment/SLUICE_CLUSTER_HOST");
      if (!host.isMissingNode()) {
        assertThat(host.asText()).isEqualTo(name);
        hosts.add(name + ":" + port);
      }
    }
    for (var node : nodes()) {
      assertThat(node.at("/environment/SLUICE_SEED_NODES").asText())
          .isEqualTo(String.join(",", hosts));
    }
  }

  @Test
  void gives_nodes_the_time_to_start_and_to_stop() {
    var server = DeployFiles.settings().getConfig("sluice.server");
    var stop = server.getDuration("drain-within").plus(server.getDuration("stop-within"));
    for (var node : nodes()) {
      assertThat(seconds(node.get("stop_grace_period"))).isGreaterThan(stop);
      assertThat(seconds(node.at("/healthcheck/start_period")))
          .isGreaterThanOrEqualTo(server.getDuration("answer-within"));
    }
  }

  private static Duration seconds(JsonNode period) {
    return Duration.parse("PT" + period.asText());
  }

  @Test
  void lets_only_this_machine_in_because_a_password_is_not_demanded() {
    for (var node : nodes()) {
      assertThat(DeployFiles.texts(node.get("ports")))
          .allMatch(port -> port.matches("127.0.0.1:.*"));
    }
  }

  @Test
  void takes_a_node_for_healthy_only_while_it_is_ready() throws Exception {
    assertThat(exitOfHealthCheck(200)).isZero();
    assertThat(exitOfHealthCheck(503)).isNotZero();
  }

  private static int exitOfHealthCheck(int status) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean asked = exchange.getRequestURI().getPath().equals("/ready");
          exchange.sendResponseHeaders(asked ? status : 404, -1);
          exchange.close();
        });
    server.start();
    try {
      return DeployFiles.exitOfHealthCheck(server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }
}
