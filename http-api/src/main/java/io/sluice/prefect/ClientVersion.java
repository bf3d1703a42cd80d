package io.sluice.prefect;

import io.sluice.http.Call;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version of the Prefect client that asks, from its User-Agent (Prefect 3.8.8,
 * server/api/dependencies.py get_prefect_client_version).
 */
record ClientVersion(int major, int minor, int patch) implements Comparable<ClientVersion> {
  private static final Pattern AGENT =
      Pattern.compile("^prefect/(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})[a-z.+0-9]* \\(API \\S+\\)$");

  /** Since then the client renews the leases of deployment slots. */
  private static final ClientVersion KEEPS_LEASES = new ClientVersion(3, 4, 11);

  /** Up to then the client does not know the default result storage of a pool. */
  private static final ClientVersion NO_RESULT_STORAGE = new ClientVersion(3, 3, 7);

  static Optional<ClientVersion> of(Call call) {
    return call.header("User-Agent")
        .map(AGENT::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(
            m ->
                new ClientVersion(
                    Integer.parseInt(m.group(1)),
                    Integer.parseInt(m.group(2)),
                    Integer.parseInt(m.group(3))));
  }

  /** Unknown clients count as old ones. */
  static boolean keepsLeases(Call call) {
    return of(call).filter(version -> version.compareTo(KEEPS_LEASES) >= 0).isPresent();
  }

  static boolean knowsResultStorage(Call call) {
    return of(call).filter(version -> version.compareTo(NO_RESULT_STORAGE) <= 0).isEmpty();
  }

  @Override
  public int compareTo(ClientVersion other) {
    int majors = Integer.compare(major, other.major);
    int minors = Integer.compare(minor, other.minor);
    return majors != 0 ? majors : minors != 0 ? minors : Integer.compare(patch, other.patch);
  }
}
