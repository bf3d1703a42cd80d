package io.sluice.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;

/** The configuration of a node. */
public final class SluiceConfig {
  private static final String PEKKO = "sluice-pekko.conf";

  private static final List<String> NEEDED =
      List.of(
          "pekko.actor.provider",
          "pekko.persistence.journal.plugin",
          "pekko.persistence.snapshot-store.plugin",
          "pekko-persistence-jdbc.database-provider-fqcn",
          "pekko.cluster.sharding.passivation.strategy");

  private SluiceConfig() {}

  /**
   * Complete configuration, strongest first: {@code settings}, system properties, {@code
   * application.conf}, what Sluice needs of Pekko ({@code sluice-pekko.conf}), and the defaults of
   * all libraries.
   */
  public static Config over(Config settings) {
    return settings
        .withFallback(ConfigFactory.defaultOverrides())
        .withFallback(ConfigFactory.defaultApplication())
        .withFallback(ConfigFactory.parseResources(PEKKO))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  /**
   * The configuration of a node that is embedded in a program, with its data in {@code dataDir}:
   * {@code settings}, then what such a node needs, then as in {@link #over}. So the program's own
   * {@code application.conf} cannot take from the node what it needs of Pekko.
   *
   * @param settings the program's wishes for this node
   * @throws IllegalArgumentException if the name of the directory contains a {@code ;}, which H2
   *     refuses
   */
  public static Config embedded(Path dataDir, Config settings) {
    var directory = dataDir.toAbsolutePath().normalize().toString();
    if (directory.contains(";")) {
      throw new IllegalArgumentException(
          "The data directory '%s' contains a ';', which H2 refuses; choose another name."
              .formatted(directory));
    }
    return over(
        settings
            .withValue("sluice.data-dir", ConfigValueFactory.fromAnyRef(directory))
            .withFallback(ConfigFactory.parseResources("profile-embedded.conf"))
            .withFallback(ConfigFactory.parseResources(PEKKO)));
  }

  /** The same for data that have been in use: a database without them is refused. */
  public static Config notNew(Config config) {
    return config.withValue("sluice.store.may-be-new", ConfigValueFactory.fromAnyRef(false));
  }

  /** Refuses a system that lacks what Sluice needs of Pekko. */
  static void check(ActorSystem<?> system) {
    var needed = ConfigFactory.parseResources(PEKKO);
    var config = system.settings().config();
    for (var path : NEEDED) {
      if (!config.hasPath(path) || !config.getValue(path).equals(needed.getValue(path))) {
        throw new IllegalArgumentException(
            "The actor system '%s' cannot be a node of Sluice: its %s is not %s. "
                    .formatted(system.name(), path, needed.getValue(path).render())
                + "Create it with a configuration made by SluiceConfig.over.");
      }
    }
  }
}
