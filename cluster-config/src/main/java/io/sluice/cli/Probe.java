package io.sluice.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;

/** Looks from outside at what answers at the URL of an API. */
final class Probe {
  private static final Duration STRANGER_WITHIN = Duration.ofSeconds(2);
  private static final int ANSWER_BYTES_MAX = 1024;
  private static final Pattern VERSION = Pattern.compile("\"(\\d+\\.[^\"]{1,40})\"");

  private final URI api;
  private final Optional<Tls> tls;

  /**
   * @param tls of the node that is expected there, for HTTPS; nobody else is trusted
   */
  Probe(URI api, Optional<Tls> tls) {
    this.api = api;
    this.tls = tls;
  }

  /** Whether a connection is accepted. */
  boolean somebodyListens() {
    var host = api.getHost().replaceAll("[\\[\\]]", "");
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, api.getPort()), (int) STRANGER_WITHIN.toMillis());
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }

  /** The version of Prefect that the API states; empty if it answers anything else. */
  Optional<String> prefectVersion() {
    return answer("/admin/version", STRANGER_WITHIN)
        .map(answer -> VERSION.matcher(answer.strip()))
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(1));
  }

  /** Whether the API says within {@code within} that it and its store are ready. */
  boolean ready(Duration within) {
    return answer("/ready", within).isPresent();
  }

  private Optional<String> answer(String path, Duration within) {
    try {
      var url = URI.create(api + path).toURL();
      var connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      if (connection instanceof HttpsURLConnection secure && tls.isPresent()) {
        secure.setSSLSocketFactory(tls.get().context().getSocketFactory());
        // Its certificate is trusted itself, and need not be for the address it is asked at.
        secure.setHostnameVerifier((host, session) -> true);
      }
      connection.setConnectTimeout((int) within.toMillis());
      connection.setReadTimeout((int) within.toMillis());
      connection.setRequestProperty("Connection", "close");
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        return Optional.empty();
      }
      try (var body = connection.getInputStream()) {
        return Optional.of(new String(body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8));
      }
    } catch (IOException noAnswer) {
      return Optional.empty();
    }
  }
}
