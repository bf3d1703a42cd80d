package io.sluice.prefect;

import io.sluice.http.Call;
import io.sluice.http.Plain;
import java.util.regex.Pattern;

/** Refuses clients of another API (Prefect 3.8.8, api/dependencies.py EnforceMinimumAPIVersion). */
final class VersionGate {
  private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");
  private static final int LEAST_MINOR = 8;

  private VersionGate() {}

  static void check(Call call) {
    call.header("X-PREFECT-API-VERSION").ifPresent(VersionGate::check);
  }

  private static void check(String asked) {
    var version = VERSION.matcher(asked);
    if (!version.matches()) {
      throw new Plain(
          400,
          "Invalid X-PREFECT-API-VERSION header format. Expected header in format 'x.y.z' but"
              + " received "
              + asked);
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    if (major == 0 && minor < LEAST_MINOR) {
      throw new Plain(
          400,
          "The request specified API version %s but this server requires version 0.%d.0 or higher."
              .formatted(asked, LEAST_MINOR));
    }
  }
}
