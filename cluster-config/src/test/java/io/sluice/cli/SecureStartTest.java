package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program in a process of its own. */
@DisplayName("sluice server start, secured,")
class SecureStartTest {
  @TempDir Path temp;

  private static String awaitReady(Program program) throws InterruptedException {
    var api = program.awaitLine("^Sluice .* answers at (\\S+) ").group(1);
    program.awaitLine("^Point Prefect at it: ");
    return api;
  }

  private Program start(String... more) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("server", "start", "--port", "0"));
    arguments.addAll(List.of("--data-dir", temp.resolve("data").toString()));
    arguments.addAll(List.of(more));
    return Program.sluice(arguments.toArray(String[]::new));
  }

  @Nested
  class WithACertificate {
    @Test
    void answers_https_and_says_so() throws Exception {
      var certificate = TestCertificate.generate(temp, "node", "EC");
      try (var program =
          start(
              "--tls-certificate",
              certificate.certificate().toString(),
              "--tls-key",
              certificate.key().toString())) {
        var api = awaitReady(program);
        assertThat(api).startsWith("https://127.0.0.1:");
        var request = HttpRequest.newBuilder(URI.create(api + "/health")).build();
        assertThat(trusting(certificate).send(request, BodyHandlers.ofString()).body())
            .isEqualTo("true");
        program.terminate();
        assertThat(program.awaitExit()).isZero();
        assertThat(program.err()).isEmpty();
      }
    }

    private HttpClient trusting(TestCertificate certificate) throws Exception {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(certificate.open());
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return HttpClient.newBuilder().sslContext(context).build();
    }

    @Test
    void that_is_missing_says_so_and_makes_no_data_directory() throws Exception {
      try (var program = start("--tls-certificate", "none.pem", "--tls-key", "none.pem")) {
        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.out()).isEmpty();
        assertThat(program.err())
            .satisfiesExactly(
                what -> assertThat(what).contains("none.pem", "cannot be read"),
                next -> assertThat(next).contains("Name a file that exists"));
      }
      assertThat(temp.resolve("data")).doesNotExist();
    }
  }

  @Nested
  class AtAnAddressThatOthersReach {
    @Test
    void warns_in_one_line_if_everybody_may_do_everything() throws Exception {
      try (var program = start("--host", "0.0.0.0")) {
        awaitReady(program);
        program.terminate();
        assertThat(program.awaitExit()).isZero();
        assertThat(program.err())
            .satisfiesExactly(
                line ->
                    assertThat(line)
                        .contains("WARN", "Everybody who can reach http://127.0.0.1:")
                        .contains("PREFECT_SERVER_API_AUTH_STRING", "--host 127.0.0.1"));
      }
    }

    @Test
    void is_quiet_with_an_auth_string() throws Exception {
      var environment = Map.of("PREFECT_SERVER_API_AUTH_STRING", "warden:x");
      try (var program =
          Program.start(
              environment,
              List.of(),
              Main.class,
              "server",
              "start",
              "--host",
              "0.0.0.0",
              "--port",
              "0",
              "--data-dir",
              temp.resolve("data").toString())) {
        awaitReady(program);
        program.terminate();
        assertThat(program.awaitExit()).isZero();
        assertThat(program.err()).isEmpty();
      }
    }
  }

  @Nested
  class WithSecretsOfEveryKind {
    private static final String AUTH = "warden:auth-S3CRET";
    private static final String KEY = "api-key-S3CRET";
    private static final String STORE = "store-S3CRET";
    private static final String BLOCK = "block-value-S3CRET";
    private static final String VAULT =
        Base64.getEncoder().encodeToString("thirty-two-bytes-of-vault-S3CRET".getBytes(UTF_8));

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> answers = new ArrayList<>();
    private String api;

    @Test
    void writes_none_to_its_logs_at_debug_whatever_goes_wrong() throws Exception {
      var config =
          Files.writeString(
              temp.resolve("my.conf"),
              """
              sluice.store { user = keeper, password = "%s" }
              pekko.loglevel = DEBUG
              """
                  .formatted(STORE));
      var environment =
          Map.of(
              "PREFECT_SERVER_API_AUTH_STRING", AUTH,
              "SLUICE_API_KEYS", KEY,
              "SLUICE_BLOCK_ENCRYPTION_KEY", VAULT,
              "SLUICE_PORT", "0",
              "SLUICE_DATA_DIR", temp.resolve("data").toString());
      var flags = List.of("-Dsluice.log.level=DEBUG", "-Dsluice.log.libraries=DEBUG");
      try (var program =
          Program.start(
              environment, flags, Main.class, "server", "start", "--config", config.toString())) {
        api = awaitReady(program);
        askInEveryWay();
        program.terminate();
        assertThat(program.awaitExit()).isZero();
        assertThat(program.err()).as("debug logs").hasSizeGreaterThan(100);
        assertNoSecret(program.err());
        assertNoSecret(program.out());
      }
      assertNoSecret(answers);
    }

    private void assertNoSecret(List<String> lines) {
      var secrets = List.of("S3CRET", VAULT, base64(AUTH), base64(KEY));
      assertThat(lines)
          .noneSatisfy(line -> assertThat(secrets).anySatisfy(s -> assertThat(line).contains(s)));
    }

    private static String base64(String secret) {
      return Base64.getEncoder().encodeToString(secret.getBytes(UTF_8));
    }

    private void askInEveryWay() throws Exception {
      answers.add(ask("GET", "/admin/settings", "").body());
      assertThat(answers.get(0)).contains("\"auth_string\":\"**********\"");
      assertThat(ask("POST", "/block_types/", "{\"name\": \"Vault\", \"slug\": \"vault\"}"))
          .satisfies(made -> assertThat(made.statusCode()).isEqualTo(201));
      for (var body :
          List.of(
              "{\"data\": {\"value\": \"%s\"}, \"block_type_id\": 7}",
              "{\"data\": {\"value\": \"%s\"}",
              "{\"data\": %s}",
              "{\"%s\": 1, \"name\": \"\\u0000\"}",
              "[".repeat(5000) + "\"%s\"")) {
        ask("POST", "/block_documents/", body.formatted(BLOCK));
      }
      ask("POST", "/variables/", "{\"name\": \"v\", \"value\": \"%s\"}".formatted(BLOCK));
      ask("GET", "/flows/name/%s".formatted("x".repeat(9000)), "");
      for (var wrong :
          List.of("Basic " + KEY, "Bearer x" + KEY, KEY, "Basic " + base64(AUTH + 1))) {
        var request =
            HttpRequest.newBuilder(URI.create(api + "/version")).header("Authorization", wrong);
        var refused = http.send(request.build(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(401);
        answers.add(refused.body());
      }
      say("{\"type\": \"auth\", \"token\": \"not-%s\"}".formatted(KEY));
      say("{\"type\": \"auth\", \"token\": \"%s".formatted(KEY));
      rawly("GET /api/version HTTP/1.1\r\nHost: a\r\nAuthorization: Basic %s\u0001\r\n\r\n");
      rawly("GET /api/version HTTP/1.1\r\nHost: a\r\nContent-Length: %s\r\n\r\n");
      rawly("GET /api/version?%s%%zz HTTP/1.1\r\nHost: a\r\n\r\n");
      rawly("%s\r\n\r\n");
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create(api + path))
              .header("Authorization", "Bearer " + KEY)
              .header("Content-Type", "application/json")
              .method(method, BodyPublishers.ofString(body));
      return http.send(request.build(), BodyHandlers.ofString());
    }

    private void say(String first) {
      http.newWebSocketBuilder()
          .subprotocols("prefect")
          .buildAsync(
              URI.create(api.replace("http:", "ws:") + "/events/in"), new WebSocket.Listener() {})
          .join()
          .sendText(first, true)
          .join();
    }

    /** Sends what no client library would, and waits until the server has answered. */
    private void rawly(String text) throws IOException {
      var address = URI.create(api);
      try (var socket = new java.net.Socket(address.getHost(), address.getPort())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.formatted(KEY).getBytes(UTF_8));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
    }
  }
}
