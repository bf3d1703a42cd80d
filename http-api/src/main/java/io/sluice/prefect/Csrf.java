package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Guard;
import io.sluice.http.Head;
import io.sluice.http.Plain;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Protection against requests that a browser was tricked into (Prefect 3.8.8,
 * server/api/middleware.py, csrf_token.py), off by default: whatever is not a GET must carry a
 * token that was made for its client.
 *
 * <p>A token is its own expiry and a MAC of that and the client, so that any node that has the key
 * knows it and nothing is stored. Other than in Prefect a client's earlier token stays good until
 * it expires.
 */
final class Csrf implements Guard {
  private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<String> ON = Set.of("on", "true", "yes", "1", "t", "y");
  private static final Set<String> OFF = Set.of("off", "false", "no", "0", "f", "n", "");
  private static final String MAC = "HmacSHA256";

  private final Optional<SecretKeySpec> key;
  private final Duration tokenFor;
  private final InstantSource clock;

  /**
   * @param config {@code sluice.http.csrf}
   * @param key the same on all nodes; asked for only if the protection is on
   */
  Csrf(Config config, Supplier<byte[]> key, InstantSource clock) {
    this.key = isOn(config) ? Optional.of(new SecretKeySpec(key.get(), MAC)) : Optional.empty();
    this.tokenFor = config.getDuration("token-for");
    this.clock = clock;
  }

  /** In the spellings that Prefect takes. */
  private static boolean isOn(Config config) {
    var said = config.getString("enabled").strip().toLowerCase(Locale.ROOT);
    if (!ON.contains(said) && !OFF.contains(said)) {
      throw new com.typesafe.config.ConfigException.BadValue(
          config.getValue("enabled").origin(), "sluice.http.csrf.enabled", "must be on or off");
    }
    return ON.contains(said);
  }

  boolean isOn() {
    return key.isPresent();
  }

  @Override
  public Optional<Answer> refusal(Head head) {
    if (!isOn() || !CHANGES.contains(head.method())) {
      return Optional.empty();
    }
    var token = head.header("Prefect-Csrf-Token");
    var client = head.header("Prefect-Csrf-Client");
    if (token.isEmpty()) {
      return Optional.of(Answer.detail(403, "Missing CSRF token."));
    }
    if (client.isEmpty()) {
      return Optional.of(Answer.detail(403, "Missing client identifier."));
    }
    // These very words make the client fetch a new token and try again.
    return isGood(token.get(), client.get())
        ? Optional.empty()
        : Optional.of(Answer.detail(403, "Invalid CSRF token or client identifier."));
  }

  /** CsrfToken. */
  private record TokenJson(
      UUID id, Instant created, Instant updated, String token, String client, Instant expiration) {}

  /** {@code GET /csrf-token?client=…}. */
  Answer issue(Call call) {
    var client =
        call.query("client")
            .orElseThrow(() -> new Plain(422, "The query parameter client is missing."));
    if (!isOn()) {
      // These very words make the client never ask again.
      return Answer.detail(422, "CSRF protection is disabled.");
    }
    var now = clock.instant();
    var expiry = now.plus(tokenFor);
    return Answer.ok(
        new TokenJson(
            UUID.nameUUIDFromBytes(client.getBytes(StandardCharsets.UTF_8)),
            now,
            now,
            token(client, expiry.getEpochSecond()),
            client,
            expiry));
  }

  private boolean isGood(String token, String client) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    if (bytes.length <= Long.BYTES) {
      return false;
    }
    long expiry = ByteBuffer.wrap(bytes).getLong();
    var good = token(client, expiry).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(good, token.getBytes(StandardCharsets.UTF_8))
        && clock.instant().getEpochSecond() < expiry;
  }

  /** Good for {@code client} until {@code expiry}, in seconds since 1970. */
  String token(String client, long expiry) {
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(key.orElseThrow());
      var stated = ByteBuffer.allocate(Long.BYTES).putLong(expiry).array();
      mac.update(stated);
      var seal = mac.doFinal(client.getBytes(StandardCharsets.UTF_8));
      var whole = ByteBuffer.allocate(stated.length + seal.length).put(stated).put(seal).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException never) {
      throw new IllegalStateException("every JVM has " + MAC, never);
    }
  }
}
