package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TLS by configuration")
class TlsTest {
  @TempDir static Path directory;
  private static TestCertificate rsa;
  private static TestCertificate ec;

  @BeforeAll
  static void generate() throws Exception {
    rsa = TestCertificate.generate(directory, "rsa", "RSA");
    ec = TestCertificate.generate(directory, "ec", "EC");
  }

  private static Optional<Tls> from(Map<String, ?> settings, Instant now) {
    return Tls.from(
        ConfigFactory.parseMap(settings)
            .withFallback(
                ConfigFactory.parseResources("reference.conf").getConfig("sluice.server.tls"))
            .resolve(),
        now);
  }

  private static Optional<Tls> from(Map<String, ?> settings) {
    return from(settings, Instant.now());
  }

  private static Failure refused(Map<String, ?> settings) {
    return catchThrowableOfType(Failure.class, () -> from(settings));
  }

  private static Map<String, String> pem(Path certificate, Path key) {
    return Map.of("certificate", certificate.toString(), "key", key.toString());
  }

  @Test
  void is_off_if_nothing_is_said() {
    assertThat(from(Map.of())).isEmpty();
  }

  @Test
  void takes_pem_with_keys_of_either_kind() {
    assertThat(from(pem(rsa.certificate(), rsa.key()))).isPresent();
    assertThat(from(pem(ec.certificate(), ec.key()))).isPresent();
  }

  @Test
  void takes_a_keystore_with_its_password_only() {
    var file = ec.keystore().toString();
    assertThat(from(Map.of("keystore", file, "keystore-password", TestCertificate.PASSWORD)))
        .isPresent();
    var refused = refused(Map.of("keystore", file, "keystore-password", "guess"));
    assertThat(refused).hasMessageContaining(file).hasMessageContaining("cannot be opened");
    assertThat(refused.next()).contains("keystore-password");
    assertThat(refused.getMessage() + refused.next()).doesNotContain("guess");
  }

  @Test
  void wants_both_parts_and_one_kind() {
    assertThat(refused(Map.of("certificate", "a.pem"))).hasMessageContaining("but not both");
    assertThat(refused(Map.of("key", "a.pem")).next()).contains("--tls-key");
    assertThat(refused(Map.of("key", "a", "certificate", "b", "keystore", "c")))
        .hasMessageContaining("two certificates");
    assertThat(refused(Map.of("keystore-password", "x"))).hasMessageContaining("no keystore");
  }

  @Test
  void names_a_file_that_cannot_be_read() {
    var none = directory.resolve("none.pem");
    var refused = refused(pem(none, rsa.key()));
    assertThat(refused).hasMessageContaining("%s of sluice.server.tls.certificate", none);
    assertThat(refused.next()).contains("may read");
    assertThat(refused(pem(rsa.certificate(), none)))
        .hasMessageContaining("%s of sluice.server.tls.key", none);
    assertThat(refused(Map.of("keystore", none.toString())))
        .hasMessageContaining("%s of sluice.server.tls.keystore", none);
  }

  @Test
  void says_what_a_file_should_hold() throws IOException {
    assertThat(refused(pem(rsa.key(), rsa.key()))).hasMessageContaining("holds no certificate");
    assertThat(refused(pem(rsa.certificate(), rsa.certificate())))
        .hasMessageContaining("holds no private key");
    var old =
        Files.writeString(
            directory.resolve("old.pem"),
            Files.readString(rsa.key()).replace("PRIVATE KEY", "RSA PRIVATE KEY"));
    assertThat(refused(pem(rsa.certificate(), old)).next())
        .isEqualTo("Convert it: openssl pkcs8 -topk8 -nodes -in %s -out key8.pem.", old);
    var broken = Files.writeString(directory.resolve("x.pem"), "-----BEGIN CERTIFICATE-----\nx");
    assertThat(refused(pem(broken, rsa.key()))).hasMessageContaining("holds no certificate");
  }

  @Test
  void refuses_a_key_of_another_certificate() throws Exception {
    assertThat(refused(pem(rsa.certificate(), ec.key())))
        .hasMessageContaining("does not belong to the certificate of CN=localhost");
    var other = TestCertificate.generate(directory, "other", "EC");
    assertThat(refused(pem(ec.certificate(), other.key()))).hasMessageContaining("does not belong");
  }

  @Test
  void refuses_a_certificate_before_and_after_its_time() throws GeneralSecurityException {
    var begin = ec.begin();
    var end = begin.plus(Duration.ofDays(TestCertificate.DAYS));
    var settings = pem(ec.certificate(), ec.key());
    assertThat(from(settings, begin.plusSeconds(1))).isPresent();
    assertThat(from(settings, end.minusSeconds(1))).isPresent();
    var late =
        catchThrowableOfType(Failure.class, () -> from(settings, end.plus(Duration.ofDays(1))));
    assertThat(late).hasMessageContaining("valid from %s to %s only", begin, end);
    assertThat(late.next()).contains("renewed");
    var early =
        catchThrowableOfType(Failure.class, () -> from(settings, begin.minus(Duration.ofDays(1))));
    assertThat(early.next()).contains("clock");
  }
}
