package io.sluice.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The configuration of a node. */
public final class SluiceConfig {
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
        .withFallback(ConfigFactory.parseResources("sluice-pekko.conf"))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }
}
