package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.Option;

/** The files that people deploy with, and what a node understands of them. */
final class DeployFiles {
  static final Path DIRECTORY = Path.of("src/deploy");
  static final ObjectMapper JSON = new ObjectMapper();

  /** How HOCON and picocli name a variable. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(?:\\?|env:)([A-Z][A-Z0-9_]+)}");

  private DeployFiles() {}

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The documents of a YAML file, with aliases and merged keys put in. */
  static List<JsonNode> documents(Path file) {
    var documents = new ArrayList<JsonNode>();
    for (var document : new Yaml().loadAll(text(file))) {
      documents.add(JSON.valueToTree(document));
    }
    return documents;
  }

  /** The environment variables that a node reads. */
  static Set<String> variablesOfANode() {
    try {
      var texts = new StringBuilder();
      for (var name : List.of("reference.conf", "profile-cluster.conf")) {
        for (var url : Collections.list(DeployFiles.class.getClassLoader().getResources(name))) {
          try (var stream = url.openStream()) {
            texts.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
      var start = Main.commandLine().getSubcommands().get("server").getSubcommands().get("start");
      for (var option : start.getCommandSpec().options()) {
        // As it is written: option.defaultValue() has the variable's value put in already.
        if (option.userObject() instanceof AnnotatedElement field) {
          texts.append(field.getAnnotation(Option.class).defaultValue());
        }
      }
      var names = new TreeSet<String>();
      VARIABLE.matcher(texts).results().forEach(found -> names.add(found.group(1)));
      return names;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What a node of a cluster is started with if nothing but its database is set. */
  static Config settings() {
    var store = "sluice.store.url = \"jdbc:postgresql://db/sluice\"";
    return NodeSettings.cluster(ConfigFactory.parseString(store), Optional.empty()).config();
  }

  /** Whether the command line takes these; a subcommand that does not exist is refused as well. */
  static void parse(List<String> arguments) {
    Main.commandLine().parseArgs(arguments.toArray(String[]::new));
  }

  static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  static Set<String> names(JsonNode object) {
    var names = new TreeSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Runs the health check of the compose file as its container would, against another port. */
  static int exitOfHealthCheck(int managementPort) throws IOException, InterruptedException {
    var compose = documents(DIRECTORY.resolve("compose.yaml")).get(0);
    var command = new ArrayList<>(texts(compose.at("/services/node1/healthcheck/test")));
    if (!command.remove(0).equals("CMD")) {
      throw new AssertionError("the health check is no command");
    }
    var port = "/" + settings().getString("sluice.cluster.management-port");
    // Compose writes $ as $$.
    command.replaceAll(part -> part.replace("$$", "$").replace(port, "/" + managementPort));
    var check = new ProcessBuilder(command).inheritIO().start();
    if (!check.waitFor(30, TimeUnit.SECONDS)) {
      check.destroyForcibly();
      throw new AssertionError("the health check does not end");
    }
    return check.exitValue();
  }
}
