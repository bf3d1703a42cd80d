package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

@DisplayName("The container image of the profile 'image' in pom.xml")
class ImageTest {
  private static Document pom;

  @BeforeAll
  static void read() throws Exception {
    pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
  }

  private static List<String> texts(String tag) {
    var found = pom.getElementsByTagName(tag);
    var texts = new ArrayList<String>();
    for (int n = 0; n < found.getLength(); n++) {
      texts.add(found.item(n).getTextContent().strip());
    }
    return texts;
  }

  /** The text of the first {@code tag} in the configuration of the container. */
  private static String container(String tag) {
    var container = (Element) pom.getElementsByTagName("container").item(0);
    return container.getElementsByTagName(tag).item(0).getTextContent().strip();
  }

  @Test
  void starts_main_with_arguments_that_it_takes() {
    assertThat(container("mainClass")).isEqualTo(Main.class.getName());
    DeployFiles.parse(texts("arg"));
  }

  @Test
  void sets_no_variable_that_a_node_does_not_read() {
    var variables = ((Element) pom.getElementsByTagName("environment").item(0)).getChildNodes();
    var names = new ArrayList<String>();
    for (int n = 0; n < variables.getLength(); n++) {
      if (variables.item(n) instanceof Element variable) {
        names.add(variable.getTagName());
      }
    }
    assertThat(names).contains("SLUICE_HOST").isSubsetOf(DeployFiles.variablesOfANode());
  }

  @Test
  void names_the_ports_of_a_node_of_a_cluster() {
    var settings = DeployFiles.settings();
    assertThat(texts("port"))
        .containsExactlyInAnyOrder(
            settings.getString("sluice.server.port"),
            settings.getString("sluice.cluster.port"),
            settings.getString("sluice.cluster.management-port"));
  }

  @Test
  void is_run_by_a_user_who_is_not_root() {
    var kubernetes = DeployFiles.DIRECTORY.resolve("kubernetes/nodes.yaml");
    var security =
        DeployFiles.documents(kubernetes).get(0).at("/spec/template/spec/securityContext");
    assertThat(container("user"))
        .doesNotStartWith("0:")
        .isEqualTo("%d:%d", security.at("/runAsUser").asInt(), security.at("/runAsGroup").asInt());
  }

  @Test
  void names_the_host_of_no_registry() {
    for (var name : List.of(texts("image.base").get(0), texts("image.name").get(0))) {
      assertThat(Path.of(name).getNameCount()).as(name).isEqualTo(1);
    }
  }
}
