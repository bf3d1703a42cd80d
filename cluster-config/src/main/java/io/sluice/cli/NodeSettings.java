package io.sluice.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import io.sluice.node.SluiceConfig;
import io.sluice.store.StoreSettings;
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
 * @param dataDir absolute; empty if the profile keeps nothing in a directory
 * @param storeUrl may hold a password: see {@link #storeName()}
 */
record NodeSettings(
    Config config,
    Address address,
    Optional<Path> dataDir,
    String storeUrl,
    Duration answerWithin,
    Duration drainWithin,
    Duration stopWithin) {

  private static final String DATA_DIR = "sluice.data-dir";
  static final String POSTGRESQL = "jdbc:postgresql:";

  /**
   * The settings of an embedded node, strongest first: {@code options}, system properties, {@code
   * file}, the profile, and the defaults of Sluice and its libraries.
   *
   * @throws Failure if {@code file} cannot be read, or a setting is unknown or of the wrong kind
   */
  static NodeSettings embedded(Config options, Optional<Path> file) {
    try {
      var profile = profile("embedded");
      var layers = layers(options, file, profile);
      var dataDir = directory(SluiceConfig.over(layers).getString(DATA_DIR));
      // H2 takes absolute paths only.
      var absolute = ConfigValueFactory.fromAnyRef(dataDir.toString());
      var config = SluiceConfig.over(layers.withValue(DATA_DIR, absolute));
      if (file.isPresent()) {
        refuseUnknown(config, SluiceConfig.over(profile));
      }
      return of(config, Optional.of(dataDir));
    } catch (ConfigException wrong) {
      throw unusable(wrong);
    }
  }

  /**
   * The settings of a node of a cluster, layered as those of an embedded one.
   *
   * @throws Failure also if the store is not PostgreSQL, or a seed node is not a host and a port
   */
  static NodeSettings cluster(Config options, Optional<Path> file) {
    try {
      var profile = profile("cluster");
      var config = SluiceConfig.over(layers(options, file, profile));
      if (file.isPresent()) {
        refuseUnknown(config, SluiceConfig.over(profile));
      }
      refuseUnshared(config.getString("sluice.store.url"));
      SeedNodes.of(config);
      return of(config, Optional.empty());
    } catch (ConfigException wrong) {
      throw unusable(wrong);
    }
  }

  private static Config profile(String name) {
    return ConfigFactory.parseResources(
        "profile-%s.conf".formatted(name), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static Config layers(Config options, Optional<Path> file, Config profile) {
    return options
        .withFallback(ConfigFactory.defaultOverrides())
        .withFallback(file.map(NodeSettings::read).orElseGet(ConfigFactory::empty))
        .withFallback(profile);
  }

  private static void refuseUnshared(String storeUrl) {
    if (!storeUrl.startsWith(POSTGRESQL)) {
      throw new Failure(
          storeUrl.isEmpty()
              ? "The nodes of a cluster share a PostgreSQL database, and none is named."
              : "The nodes of a cluster share a PostgreSQL database; %s is none."
                  .formatted(storeUrl.split("[?;]", 2)[0]),
          "Name it with --store-url jdbc:postgresql://HOST:5432/DATABASE or $SLUICE_STORE_URL.");
    }
  }

  private static NodeSettings of(Config config, Optional<Path> dataDir) {
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

  /** Whether other nodes may share the store. */
  boolean isClustered() {
    return dataDir.isEmpty();
  }

  /** The configuration for data that have been in use: a database without them is refused. */
  Config notNew() {
    return SluiceConfig.notNew(config);
  }

  /** The database's file if it is in the data directory; only then that directory is used. */
  Optional<Path> databaseInDataDir() {
    return StoreSettings.databaseFile(storeName())
        .filter(file -> dataDir.equals(Optional.ofNullable(file.getParent())));
  }

  /** The store's URL without its parameters. */
  String storeName() {
    return storeUrl.split("[?;]", 2)[0];
  }

  /** What to call the place of the data when speaking to the operator. */
  String dataName() {
    return databaseInDataDir().map(file -> file.getParent().toString()).orElseGet(this::storeName);
  }
}
