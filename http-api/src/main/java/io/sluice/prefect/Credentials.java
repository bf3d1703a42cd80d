package io.sluice.prefect;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import io.sluice.http.Answer;
import io.sluice.http.Guard;
import io.sluice.http.Head;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask, if not everybody (Prefect 3.8.8, server/api/server.py, {@code token_validation}):
 * who sends the auth string or one of the keys, as {@code Basic} credentials in Base64 or as {@code
 * Bearer} token. Secrets are kept and compared as digests, each of them every time, so that neither
 * a log nor the time of an answer tells anything about them.
 */
final class Credentials implements Guard {
  /** Probes of container runtimes know no password. */
  private static final Set<List<String>> OPEN = Set.of(List.of("health"), List.of("ready"));

  private static final Answer UNAUTHORIZED = Answer.exception(401, "Unauthorized");

  private static final List<String> METRICS = List.of("metrics");

  private final List<byte[]> digests = new ArrayList<>();
  private final boolean metricsOpen;

  /**
   * @param config {@code sluice.http.auth}
   * @param metricsOpen whether everybody may read the metrics
   */
  Credentials(Config config, boolean metricsOpen) {
    this.metricsOpen = metricsOpen;
    add(config.getString("string"));
    var keys = config.getValue("keys");
    if (keys.valueType() == ConfigValueType.LIST) {
      config.getStringList("keys").forEach(this::add);
    } else {
      List.of(config.getString("keys").split(",")).forEach(key -> add(key.strip()));
    }
  }

  private void add(String secret) {
    if (!secret.isBlank()) {
      digests.add(digest(secret));
    }
  }

  /** Whether anybody has to say who they are. */
  boolean areWanted() {
    return !digests.isEmpty();
  }

  @Override
  public Optional<Answer> refusal(Head head) {
    return isOpen(head)
            || !areWanted()
            || head.header("Authorization").filter(this::isGood).isPresent()
        ? Optional.empty()
        : Optional.of(UNAUTHORIZED);
  }

  private boolean isOpen(Head head) {
    return head.method().equals("GET")
        && (OPEN.contains(head.path()) || metricsOpen && METRICS.equals(head.path()));
  }

  private boolean isGood(String authorization) {
    var parts = authorization.strip().split("\\s+");
    if (parts.length != 2) {
      return false;
    }
    if (parts[0].equalsIgnoreCase("Bearer")) {
      return isSecret(parts[1]);
    }
    try {
      return parts[0].equalsIgnoreCase("Basic")
          && isSecret(new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** Whether it is the auth string or one of the keys. */
  boolean isSecret(String said) {
    var digest = digest(said);
    boolean found = false;
    for (var known : digests) {
      found |= MessageDigest.isEqual(known, digest);
    }
    return found;
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every JVM has SHA-256", never);
    }
  }
}
