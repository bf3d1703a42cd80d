package io.sluice.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import io.sluice.node.SluiceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The complete configuration of a node, and what the command line itself reads of it.
 *
 * @param config what the node is started with
 * @param address where the API is to listen
 * @param dataDir absolute
 * @param storeUrl may hold a password: see {@link #storeName()}
 */
record NodeSettings(
    Config config,
    Address address,
    Path dataDir,
    String storeUrl,
    Duration answerWithin,
    Duration drainWithin,
    Duration stopWithin) {

  private static final String DATA_DIR = "sluice.data-dir";
  private static final String H2_FILE = "jdbc:h2:file:";

  /**
   * The settings of an embedded node, strongest first: {@code options}, system properties, {@code
   * file}, the profile, and the defaults of Sluice and its libraries.
   *
   * @throws Failure if {@code file} cannot be read, or a setting is unknown or of the wrong kind
   */
  static NodeSettings embedded(Config options, Optional<Path> file) {
    try {
      var profile =
          ConfigFactory.parseResources(
              "profile-embedded.conf", ConfigParseOptions.defaults().setAllowMissing(false));
      var layers =
          options
              .withFallback(ConfigFactory.defaultOverrides())
              .withFallback(file.map(NodeSettings::read).orElseGet(ConfigFactory::empty))
              .withFallback(profile);
      var dataDir = directory(SluiceConfig.over(layers).getString(DATA_DIR));
      // H2 takes absolute paths only.
      var absolute = ConfigValueFactory.fromAnyRef(dataDir.toString());
      var config = SluiceConfig.over(layers.withValue(DATA_DIR, absolute));
      if (file.isPresent()) {
        refuseUnknown(config, SluiceConfig.over(profile));
      }
      return of(config, dataDir);
    } catch (ConfigException wrong) {
      throw unusable(wrong);
    }
  }

  private static NodeSettings of(Config config, Path dataDir) {
    var server = config.getConfig("sluice.server");
    return new NodeSettings(
        config,
        new Address(
            server.getString("host"),
            port(server.getInt("port")),
            Tls.isWanted(server.getConfig("tls"))),
        dataDir,
        config.getString("sluice.store.url"),
        server.getDuration("answer-within"),
        server.getDuration("drain-within"),
        server.getDuration("stop-within"));
  }

  private static Config read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new Failure(
          "The file %s of --config cannot be read.".formatted(file),
          "Name a file in HOCON that the user %s may read."
              .formatted(System.getProperty("user.name")));
    }
    return ConfigFactory.parseFile(file.toFile());
  }

  private static Path directory(String name) {
    if (name.isBlank() || name.contains(";")) {
      throw new Failure(
          "The data directory '%s' cannot be used: its name %s."
              .formatted(name, name.isBlank() ? "is empty" : "contains a ';', which H2 refuses"),
          "Name another one with --data-dir, $SLUICE_DATA_DIR or $SLUICE_HOME.");
    }
    return Path.of(name).toAbsolutePath().normalize();
  }

  private static int port(int port) {
    if (port < 0 || port > Address.PORT_MAX) {
      throw new Failure(
          "The port %d does not exist.".formatted(port),
          "Choose one from 1 to %d, or 0 for any free one.".formatted(Address.PORT_MAX));
    }
    return port;
  }

  private static void refuseUnknown(Config config, Config defaults) {
    var known = names(defaults);
    var unknown = new TreeSet<>(names(config));
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      var name = unknown.first();
      throw new Failure(
          "There is no setting %s.".formatted(name),
          Nearest.to(name, known)
              .map("Did you mean %s?"::formatted)
              .orElse("All settings of Sluice stand in its reference.conf files."));
    }
  }

  private static Set<String> names(Config config) {
    return config.withOnlyPath("sluice").entrySet().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** A configuration that cannot be used, in the words of the library: they name file and line. */
  static Failure unusable(ConfigException wrong) {
    return new Failure(
        "The configuration cannot be used: %s.".formatted(wrong.getMessage()),
        "Correct that setting in the file of --config, or leave it out for its default.",
        wrong);
  }

  /**
   * How to speak TLS, if asked for.
   *
   * @throws Failure if the certificate or its key cannot be used
   */
  Optional<Tls> tls(Instant now) {
    return Tls.from(config.getConfig("sluice.server.tls"), now);
  }

  /** The configuration for data that have been in use: a database without them is refused. */
  Config notNew() {
    return SluiceConfig.notNew(config);
  }

  /** The database's file if it is in the data directory; only then that directory is used. */
  Optional<Path> databaseInDataDir() {
    return Optional.of(storeName())
        .filter(store -> store.startsWith(H2_FILE))
        .map(store -> Path.of(store.substring(H2_FILE.length()) + ".mv.db"))
        .filter(file -> dataDir.equals(file.getParent()));
  }

  /** The store's URL without its parameters. */
  String storeName() {
    return storeUrl.split("[?;]", 2)[0];
  }

  /** What to call the place of the data when speaking to the operator. */
  String dataName() {
    return databaseInDataDir().isPresent() ? dataDir.toString() : storeName();
  }
}
