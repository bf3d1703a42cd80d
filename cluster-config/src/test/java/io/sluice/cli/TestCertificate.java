package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** A certificate of localhost that signs itself, made by the JDK's keytool. */
record TestCertificate(Path keystore, Path certificate, Path key) {
  static final String PASSWORD = "only-for-tests";
  static final int DAYS = 30;
  private static final String ALIAS = "node";

  static TestCertificate generate(Path directory, String name, String algorithm)
      throws IOException, InterruptedException, GeneralSecurityException {
    var keystore = directory.resolve(name + ".p12");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            algorithm,
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-validity",
            Integer.toString(DAYS),
            "-storetype",
            "PKCS12",
            "-keystore",
            keystore.toString(),
            "-storepass",
            PASSWORD);
    var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    var opened = open(keystore);
    return new TestCertificate(
        keystore,
        pem(directory.resolve(name + "-cert.pem"), "CERTIFICATE", own(opened).getEncoded()),
        pem(
            directory.resolve(name + "-key.pem"),
            "PRIVATE KEY",
            opened.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
  }

  /** Holds the certificate; as a client's trust store it trusts that alone. */
  KeyStore open() throws IOException, GeneralSecurityException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, own(open(keystore)));
    return trusted;
  }

  Instant begin() throws GeneralSecurityException {
    try {
      return own(open(keystore)).getNotBefore().toInstant();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static KeyStore open(Path file) throws IOException, GeneralSecurityException {
    var keystore = KeyStore.getInstance("PKCS12");
    try (InputStream content = Files.newInputStream(file)) {
      keystore.load(content, PASSWORD.toCharArray());
    }
    return keystore;
  }

  private static X509Certificate own(KeyStore keystore) throws GeneralSecurityException {
    return (X509Certificate) keystore.getCertificate(ALIAS);
  }

  private static Path pem(Path file, String label, byte[] content) throws IOException {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label));
  }
}
