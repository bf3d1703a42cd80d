package io.sluice.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The certificate of a node and the private key that belongs to it.
 *
 * @param chain the node's own certificate first, then those of who issued it
 * @param source what to call it when speaking to the operator
 */
record TlsIdentity(PrivateKey key, List<X509Certificate> chain, String source) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([^-]+)-----END");

  /** Algorithms of keys, and how to sign with them. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  /** Reads PEM: certificates, and a key in PKCS#8 without a password. */
  static TlsIdentity ofPem(Path certificates, Path key) {
    return new TlsIdentity(
        readKey(key, text(key, "sluice.server.tls.key")),
        readChain(certificates, text(certificates, "sluice.server.tls.certificate")),
        certificates.toString());
  }

  /** Reads PKCS#12, whose first entry with a key is taken. */
  static TlsIdentity ofKeystore(Path file, char[] password) {
    var content = bytes(file, "sluice.server.tls.keystore");
    try {
      var keystore = KeyStore.getInstance("PKCS12");
      keystore.load(new ByteArrayInputStream(content), password);
      for (var alias : Collections.list(keystore.aliases())) {
        if (keystore.getKey(alias, password) instanceof PrivateKey key) {
          return new TlsIdentity(key, x509(keystore.getCertificateChain(alias)), file.toString());
        }
      }
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new Failure(
          "The keystore %s cannot be opened: %s.".formatted(file, unreadable.getMessage()),
          "It must be PKCS#12; check sluice.server.tls.keystore-password.",
          unreadable);
    }
    throw new Failure(
        "The keystore %s holds no private key.".formatted(file),
        "Put certificate and key into it: openssl pkcs12 -export -in cert.pem -inkey key.pem.");
  }

  private static List<X509Certificate> x509(Certificate[] chain) {
    List<X509Certificate> found = new ArrayList<>();
    for (var certificate : chain) {
      found.add((X509Certificate) certificate);
    }
    return found;
  }

  private static List<X509Certificate> readChain(Path file, String pem) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      var factory = CertificateFactory.getInstance("X.509");
      for (var one : factory.generateCertificates(new ByteArrayInputStream(pem.getBytes()))) {
        chain.add((X509Certificate) one);
      }
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException notOne) {
      // Said below.
    }
    throw new Failure(
        "The file %s of sluice.server.tls.certificate holds no certificate.".formatted(file),
        "It must be PEM: -----BEGIN CERTIFICATE-----, the node's own first, then its issuers'.");
  }

  private static PrivateKey readKey(Path file, String pem) {
    var found = KEY.matcher(pem);
    if (!found.find()) {
      throw new Failure(
          "The file %s of sluice.server.tls.key holds no private key.".formatted(file),
          "It must be PEM: -----BEGIN PRIVATE KEY-----.");
    }
    if (found.group(1).isEmpty()) {
      try {
        var encoded =
            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(2).strip()));
        for (var algorithm : SIGNATURES.keySet()) {
          try {
            return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
          } catch (GeneralSecurityException another) {
            // Only the key itself knows whose it is.
          }
        }
      } catch (IllegalArgumentException notBase64) {
        // Said below.
      }
    }
    throw new Failure(
        "The private key in %s is not of a kind that can be read (PKCS#8 of RSA, EC or Ed25519, no"
                .formatted(file)
            + " password).",
        "Convert it: openssl pkcs8 -topk8 -nodes -in %s -out key8.pem.".formatted(file));
  }

  private static String text(Path file, String setting) {
    return new String(bytes(file, setting), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(Path file, String setting) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new Failure(
          "The file %s of %s cannot be read.".formatted(file.toAbsolutePath(), setting),
          "Name a file that exists and that the user %s may read."
              .formatted(System.getProperty("user.name")),
          unreadable);
    }
  }

  /**
   * @throws Failure if it is no longer or not yet valid, or the key belongs to another certificate
   */
  TlsIdentity checked(Instant now) {
    var own = chain.get(0);
    var begin = own.getNotBefore().toInstant();
    var end = own.getNotAfter().toInstant();
    if (now.isAfter(end) || now.isBefore(begin)) {
      throw new Failure(
          "The certificate of %s, %s, is valid from %s to %s only; it is %s."
              .formatted(own.getSubjectX500Principal(), source, begin, end, now),
          now.isAfter(end)
              ? "Have it renewed and start again."
              : "Check the clock of this machine, or wait.");
    }
    if (!keyFits(own)) {
      throw new Failure(
          "The private key does not belong to the certificate of %s, %s."
              .formatted(own.getSubjectX500Principal(), source),
          "Name the key that the certificate was made for; its own certificate must come first.");
    }
    return this;
  }

  private boolean keyFits(X509Certificate own) {
    try {
      var message = new byte[] {1, 2, 3};
      var signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), "?"));
      signature.initSign(key);
      signature.update(message);
      var signed = signature.sign();
      signature.initVerify(own.getPublicKey());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException anotherKind) {
      return false;
    }
  }
}
