package io.sluice.cli;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a node speaks TLS.
 *
 * @param context with which it serves; as a client it trusts the node's own certificate and no
 *     other, so that the node can ask itself whether it answers
 */
record Tls(SSLContext context) {

  /** Whether any of the settings {@code sluice.server.tls} is made. */
  static boolean isWanted(Config config) {
    return config.entrySet().stream().anyMatch(entry -> !isBlank(config, entry.getKey()));
  }

  /**
   * What {@code sluice.server.tls} says; empty if it says nothing.
   *
   * @throws Failure if the files are missing, unreadable, no longer valid, or do not fit
   */
  static Optional<Tls> from(Config config, Instant now) {
    if (!isWanted(config)) {
      return Optional.empty();
    }
    boolean pem = !isBlank(config, "certificate") || !isBlank(config, "key");
    if (pem == !isBlank(config, "keystore")) {
      throw new Failure(
          pem
              ? "TLS has two certificates: sluice.server.tls.certificate and .keystore."
              : "TLS has a keystore-password and no keystore.",
          "Set certificate and key (PEM), or keystore and keystore-password (PKCS#12).");
    }
    if (pem && (isBlank(config, "certificate") || isBlank(config, "key"))) {
      throw new Failure(
          "TLS has a certificate or a key, but not both.",
          "Set both: --tls-certificate and --tls-key, or sluice.server.tls.certificate and .key.");
    }
    return Optional.of(of(identity(config, pem).checked(now)));
  }

  private static TlsIdentity identity(Config config, boolean pem) {
    return pem
        ? TlsIdentity.ofPem(
            Path.of(config.getString("certificate")), Path.of(config.getString("key")))
        : TlsIdentity.ofKeystore(
            Path.of(config.getString("keystore")),
            config.getString("keystore-password").toCharArray());
  }

  private static boolean isBlank(Config config, String setting) {
    return config.getString(setting).isBlank();
  }

  private static Tls of(TlsIdentity identity) {
    try {
      var password = new char[0];
      var own = KeyStore.getInstance("PKCS12");
      own.load(null, password);
      own.setKeyEntry(
          "node", identity.key(), password, identity.chain().toArray(X509Certificate[]::new));
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, password);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, password);
      trusted.setCertificateEntry("node", identity.chain().get(0));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return new Tls(context);
    } catch (GeneralSecurityException | IOException unusable) {
      throw new Failure(
          "The certificate in %s cannot be used: %s."
              .formatted(identity.source(), unusable.getMessage()),
          "Have another one issued; --debug says more.",
          unusable);
    }
  }
}
