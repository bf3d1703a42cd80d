package io.sluice.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this Sluice. */
public final class SluiceVersion {
  private SluiceVersion() {}

  /** The version as the build wrote it into {@code version.properties}. */
  public static String current() {
    var properties = new Properties();
    try (var file = SluiceVersion.class.getResourceAsStream("version.properties")) {
      properties.load(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty("version");
  }
}
