package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a running node that was used a little, because some series come with their first use. */
@DisplayName("The files for Prometheus and Grafana")
class MetricsFilesTest {
  private static final Path DASHBOARD = DeployFiles.DIRECTORY.resolve("grafana/sluice.json");
  private static final Path SCRAPE = DeployFiles.DIRECTORY.resolve("prometheus/prometheus.yaml");
  private static final Path ALERTS = DeployFiles.DIRECTORY.resolve("prometheus/alerts.yaml");
  private static final Pattern SERIES = Pattern.compile("(?m)^([a-z]\\w*)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  /** What the one who reads adds to each series. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  private static final Set<String> PANELS = Set.of("row", "timeseries", "stat");
  private static final int GRID_COLUMNS = 24;

  /** Labels by metric. */
  private static Map<String, Set<String>> shown;

  private static JsonNode dashboard;

  @BeforeAll
  static void readANode(@TempDir Path data) throws Exception {
    dashboard = DeployFiles.JSON.readTree(DeployFiles.text(DASHBOARD));
    try (var program =
        Program.sluice("server", "start", "--port", "0", "--data-dir", data.toString())) {
      var base = program.awaitLine("^Sluice .* answers at (\\S+) ").group(1);
      var api = Api.of(base);
      use(api);
      // At the root, as the scrape configuration asks.
      shown = shown(Api.of(URI.create(base).resolve("/").toString()).get("metrics").body());
    }
  }

  private static void use(Api api) throws IOException, InterruptedException {
    assertThat(api.create("printer", 1)).isTrue();
    var granted = api.acquire("printer").orElseThrow();
    assertThat(
            api.post(
                    "/v2/concurrency_limits/increment",
                    "{'names': ['printer'], 'slots': 2, 'mode': 'concurrency'}")
                .statusCode())
        .isEqualTo(422);
    assertThat(api.release(granted)).isTrue();
    assertThat(api.post("/work_pools/", "{'name': 'p', 'type': 'process'}").statusCode())
        .isEqualTo(201);
    var id = Pattern.compile("\"id\" *: *\"([0-9a-f-]{36})\"");
    var flow = id.matcher(api.post("/flows/", "{'name': 'f'}").body());
    assertThat(flow.find()).isTrue();
    var deployment =
        id.matcher(
            api.post(
                    "/deployments/",
                    "{'name': 'd', 'flow_id': '%s', 'work_pool_name': 'p'}"
                        .formatted(flow.group(1)))
                .body());
    assertThat(deployment.find()).isTrue();
    var run = "/deployments/%s/create_flow_run".formatted(deployment.group(1));
    assertThat(api.post(run, "{'state': {'type': 'SCHEDULED'}}").statusCode()).isEqualTo(201);
  }

  private static Map<String, Set<String>> shown(String text) {
    var shown = new TreeMap<String, Set<String>>();
    SERIES
        .matcher(text)
        .results()
        .forEach(
            found -> {
              var labels = shown.computeIfAbsent(found.group(1), name -> new TreeSet<>());
              if (found.group(2) != null) {
                LABEL.matcher(found.group(2)).results().forEach(l -> labels.add(l.group(1)));
              }
            });
    return shown;
  }

  /** Throws unless the node shows all that {@code expression} asks for. */
  private static void check(String expression) {
    var selectors = PromQl.selectors(expression);
    assertThat(selectors).as(expression).isNotEmpty();
    var known = new HashSet<>(OF_PROMETHEUS);
    for (var selector : selectors) {
      assertThat(shown).as(expression).containsKey(selector.metric());
      var labels = new TreeSet<>(shown.get(selector.metric()));
      labels.addAll(OF_PROMETHEUS);
      assertThat(labels).as(expression).containsAll(selector.labels());
      known.addAll(labels);
    }
    assertThat(known).as(expression).containsAll(PromQl.groups(expression));
  }

  private static List<JsonNode> panels() {
    var panels = new ArrayList<JsonNode>();
    dashboard.get("panels").forEach(panels::add);
    return panels;
  }

  @Test
  void ask_for_nothing_that_a_node_does_not_show() {
    var expressions = new ArrayList<String>();
    panels().forEach(p -> p.path("targets").forEach(t -> expressions.add(t.get("expr").asText())));
    assertThat(expressions).hasSizeGreaterThan(30);
    for (var group : DeployFiles.documents(ALERTS).get(0).get("groups")) {
      group.get("rules").forEach(rule -> expressions.add(rule.get("expr").asText()));
    }
    expressions.forEach(MetricsFilesTest::check);
    for (var variable : dashboard.at("/templating/list")) {
      var query = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");
      var found = query.matcher(variable.path("definition").asText());
      if (found.matches()) {
        check("sum by (%s) (%s)".formatted(found.group(2), found.group(1)));
      }
    }
  }

  @Test
  void would_be_noticed_with_a_metric_or_a_label_misspelt() {
    check("sum by (limit) (rate(sluice_grants_total{kind=\"global\"}[5m]))");
    for (var typo :
        List.of(
            "sum by (limit) (rate(sluice_grant_total{kind=\"global\"}[5m]))",
            "sum by (limit) (rate(sluice_grants_total{kynd=\"global\"}[5m]))",
            "sum by (limits) (rate(sluice_grants_total{kind=\"global\"}[5m]))",
            "sluice_limit_slots / slice_limit_slots")) {
      assertThatThrownBy(() -> check(typo)).as(typo).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void are_named_completely_in_the_readme() {
    var table = new TreeSet<String>();
    Pattern.compile("(?m)^\\| `(sluice_\\w+)`")
        .matcher(DeployFiles.text(Path.of("../README.md")))
        .results()
        .forEach(found -> table.add(found.group(1)));
    var names = new TreeSet<String>();
    shown.keySet().stream()
        .filter(name -> name.startsWith("sluice_"))
        .map(name -> name.replaceAll("_(bucket|count|sum|max)$", ""))
        .forEach(names::add);
    assertThat(table).isEqualTo(names);
  }

  @Test
  void are_a_dashboard_that_grafana_takes() {
    assertThat(dashboard.get("uid").asText()).matches("[a-zA-Z0-9_-]{1,40}");
    assertThat(dashboard.get("title").asText()).isNotBlank();
    assertThat(dashboard.get("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
    // Grafana gives it an id of its own.
    assertThat(dashboard.has("id")).isFalse();
    var variables = new TreeSet<String>();
    dashboard.at("/templating/list").forEach(v -> variables.add(v.get("name").asText()));
    assertThat(variables).containsExactly("datasource", "instance", "limit");
    var ids = new HashSet<Integer>();
    var places = new HashSet<List<Integer>>();
    for (var panel : panels()) {
      var title = panel.get("title").asText();
      assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
      assertThat(PANELS).as(title).contains(panel.get("type").asText());
      occupy(panel.get("gridPos"), places, title);
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.get("description").asText()).as(title).isNotBlank();
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotBlank();
        checkTargets(panel, variables);
      }
    }
  }

  private static void occupy(JsonNode at, Set<List<Integer>> places, String title) {
    for (int x = at.get("x").asInt(); x < at.get("x").asInt() + at.get("w").asInt(); x++) {
      assertThat(x).as(title).isBetween(0, GRID_COLUMNS - 1);
      for (int y = at.get("y").asInt(); y < at.get("y").asInt() + at.get("h").asInt(); y++) {
        assertThat(places.add(List.of(x, y))).as("%s overlaps at %d/%d", title, x, y).isTrue();
      }
    }
  }

  private static void checkTargets(JsonNode panel, Set<String> variables) {
    var title = panel.get("title").asText();
    var refs = new HashSet<String>();
    assertThat(panel.get("targets")).as(title).isNotEmpty();
    for (var target : panel.get("targets")) {
      assertThat(refs.add(target.get("refId").asText())).as(title).isTrue();
      assertThat(target.at("/datasource/uid").asText()).as(title).isEqualTo("${datasource}");
      Pattern.compile("\\$(\\w+)")
          .matcher(target.get("expr").asText())
          .results()
          .filter(found -> !found.group(1).startsWith("__"))
          .forEach(found -> assertThat(variables).as(title).contains(found.group(1)));
    }
  }

  @Test
  void read_the_nodes_of_the_compose_file_and_the_pods_where_they_answer() {
    var scrape = DeployFiles.documents(SCRAPE).get(0);
    assertThat(scrape.at("/rule_files/0").asText()).isEqualTo(ALERTS.getFileName().toString());
    var job = scrape.at("/scrape_configs/0");
    assertThat(job.get("metrics_path").asText()).isEqualTo("/metrics");
    var compose = DeployFiles.documents(DeployFiles.DIRECTORY.resolve("compose.yaml")).get(0);
    var ports = new ArrayList<String>();
    for (var service : compose.get("services")) {
      for (var port : service.path("ports")) {
        ports.add(port.asText().replaceAll(":\\d+$", ""));
      }
    }
    assertThat(DeployFiles.texts(job.at("/static_configs/0/targets")))
        .containsExactlyElementsOf(ports);

    var pods = DeployFiles.documents(DeployFiles.DIRECTORY.resolve("kubernetes/nodes.yaml")).get(0);
    var annotations = pods.at("/spec/template/metadata/annotations");
    assertThat(annotations.get("prometheus.io/scrape").asText()).isEqualTo("true");
    assertThat(annotations.get("prometheus.io/path").asText()).isEqualTo("/metrics");
    assertThat(annotations.get("prometheus.io/port").asInt())
        .isEqualTo(pods.at("/spec/template/spec/containers/0/ports/0/containerPort").asInt());
  }
}
