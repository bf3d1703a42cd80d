package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That what the runbook names is there; that its commands do what they say is tried by hand. */
@DisplayName("The runbook names nothing that does not exist")
class RunbookTest {
  private static final Path FILE = Path.of("RUNBOOK.md");
  private static final String TEXT = DeployFiles.text(FILE);

  /** What {@code regex} finds in its first group; something, or the test would test nothing. */
  private static List<String> found(String regex) {
    var found =
        Pattern.compile(regex).matcher(TEXT).results().map(match -> match.group(1)).toList();
    assertThat(found).as(regex).isNotEmpty();
    return found;
  }

  @Test
  void no_file() {
    assertThat(found("\\b(cluster-config/src/[\\w./-]+\\w)"))
        .allSatisfy(path -> assertThat(Path.of("..", path)).exists());
    assertThat(found("]\\(([\\w./-]+)(?:#\\w+)?\\)"))
        .allSatisfy(path -> assertThat(Path.of(path)).exists());
    assertThat(found("`(\\w+)\\.yaml`"))
        .contains("compose", "nodes")
        .filteredOn(name -> !name.equals("secret"))
        .allSatisfy(
            name ->
                assertThat(
                        List.of(
                            DeployFiles.DIRECTORY.resolve(name + ".yaml"),
                            DeployFiles.DIRECTORY.resolve("kubernetes/" + name + ".yaml")))
                    .anySatisfy(path -> assertThat(path).exists()));
  }

  @Test
  void no_setting() {
    var settings = DeployFiles.settings();
    assertThat(found("`(sluice\\.[a-z][a-z.-]+)`"))
        .filteredOn(name -> !name.equals("sluice.dump"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(settings.hasPath(name)).as(name).isTrue());
    assertThat(found("`(sluice\\.[a-z.-]+)` \\(\\d+\\)"))
        .allSatisfy(
            name ->
                assertThat(TEXT).contains("`%s` (%s)".formatted(name, settings.getString(name))));
  }

  @Test
  void no_variable() {
    var known = new TreeSet<>(DeployFiles.variablesOfANode());
    // Read by the JVM and by Prefect's client.
    known.addAll(List.of("JDK_JAVA_OPTIONS", "PREFECT_API_URL"));
    assertThat(found("\\b([A-Z]+(?:_[A-Z]+)+)\\b")).isSubsetOf(known);
  }

  @Test
  void no_property_of_the_build() {
    var pom = DeployFiles.text(Path.of("pom.xml"));
    assertThat(found("-D(image\\.\\w+)="))
        .allSatisfy(name -> assertThat(pom).contains("<" + name + ">"));
    assertThat(found("mvn -P(\\w+)"))
        .allSatisfy(id -> assertThat(pom).contains("<id>" + id + "</id>"));
    assertThat(found("cluster-config/target/([\\w-]+\\.tar)"))
        .allSatisfy(name -> assertThat(pom).contains("/" + name + "</tar>"));
  }

  @Test
  void no_service_of_compose_and_no_object_of_kubernetes() {
    var services =
        DeployFiles.names(
            DeployFiles.documents(DeployFiles.DIRECTORY.resolve("compose.yaml"))
                .get(0)
                .get("services"));
    // The one that is added when growing.
    services.add("node4");
    assertThat(found("\\b(node\\d|postgres)\\b(?! database)")).isSubsetOf(services);
    var nodes = DeployFiles.documents(DeployFiles.DIRECTORY.resolve("kubernetes/nodes.yaml"));
    JsonNode metadata = nodes.get(0).get("metadata");
    assertThat(found("deployment/(\\w+)")).containsOnly(metadata.get("name").asText());
    assertThat(found("kubectl -n (\\w+)")).containsOnly(metadata.get("namespace").asText());
  }

  @Test
  void and_compose_has_the_ports_that_it_names() {
    var compose = DeployFiles.text(DeployFiles.DIRECTORY.resolve("compose.yaml"));
    assertThat(found("127\\.0\\.0\\.1:(\\d+)"))
        .allSatisfy(port -> assertThat(compose).contains(":" + port + ":"));
  }
}
