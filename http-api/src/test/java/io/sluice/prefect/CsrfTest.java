package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A node with CSRF protection")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CsrfTest {
  private static final String INVALID =
      "403 {\"detail\":\"Invalid CSRF token or client identifier.\"}";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private Served served;
  private Asker api;

  @BeforeAll
  void start() {
    served = Served.start("sluice.http.csrf.enabled = \"True\"", now::get);
    api = served.api();
  }

  @AfterAll
  void stop() {
    served.close();
  }

  private Asker.Reply issued(String client) {
    var issued = api.get("/csrf-token?client=" + client);
    assertThat(issued.status()).isEqualTo(200);
    return issued;
  }

  private Asker.Reply write(String token, String client) {
    return api.with("Prefect-Csrf-Token", token)
        .with("Prefect-Csrf-Client", client)
        .post("/flows/filter", "{}");
  }

  @Test
  void issues_tokens_in_the_shape_that_the_client_reads() {
    var token = issued("alice").json();
    assertThat(token.path("client").textValue()).isEqualTo("alice");
    assertThat(Instant.parse(token.path("expiration").textValue()))
        .isEqualTo(Instant.parse(token.path("created").textValue()).plus(Duration.ofHours(1)));
    assertThat(token.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("id", "created", "updated", "token", "client", "expiration");
  }

  @Test
  void takes_a_token_from_the_client_that_it_was_made_for_only() {
    var token = issued("bob").text("token");
    assertThat(write(token, "bob").status()).isEqualTo(200);
    assertThat(write(token, "mallory")).hasToString(INVALID);
  }

  @Test
  void refuses_what_changes_something_without_token_or_client() {
    assertThat(api.post("/flows/filter", "{}"))
        .hasToString("403 {\"detail\":\"Missing CSRF token.\"}");
    assertThat(api.with("Prefect-Csrf-Token", "x").delete("/flows/x"))
        .hasToString("403 {\"detail\":\"Missing client identifier.\"}");
    assertThat(api.get("/version").status()).isEqualTo(200);
  }

  @Test
  void refuses_tokens_that_it_did_not_make() {
    var token = issued("carol").text("token");
    var other = token.charAt(20) == 'A' ? 'B' : 'A';
    for (var forged :
        List.of(
            "x",
            "AAAA",
            "not base64!",
            token.substring(0, token.length() - 1),
            token + "A",
            // A later expiry.
            "AAAA" + (char) (token.charAt(4) + 1) + token.substring(5),
            token.substring(0, 20) + other + token.substring(21))) {
      assertThat(write(forged, "carol")).as(forged).hasToString(INVALID);
    }
  }

  @Test
  void refuses_a_token_after_an_hour() {
    var token = issued("dave").text("token");
    var issued = now.get();
    now.set(issued.plus(Duration.ofMinutes(59)));
    assertThat(write(token, "dave").status()).isEqualTo(200);
    now.set(issued.plus(Duration.ofHours(1)));
    assertThat(write(token, "dave")).hasToString(INVALID);
    now.set(issued);
  }

  /** Another node reads the same key from the store. */
  @Test
  void takes_tokens_that_another_node_made() {
    var config = served.node().system().settings().config().getConfig("sluice.http.csrf");
    var key = io.sluice.store.SharedKey.find(served.node().store(), "csrf-key", 32);
    var other = new Csrf(config, () -> key, now::get);
    assertThat(write(other.token("erin", now.get().getEpochSecond() + 60), "erin").status())
        .isEqualTo(200);
    var stranger = new Csrf(config, () -> new byte[32], now::get);
    assertThat(write(stranger.token("erin", now.get().getEpochSecond() + 60), "erin"))
        .hasToString(INVALID);
  }

  @Test
  void says_so_in_its_settings() {
    assertThat(
            api.get("/admin/settings")
                .json()
                .at("/server/api/csrf_protection_enabled")
                .booleanValue())
        .isTrue();
    assertThat(api.get("/csrf-token").status()).isEqualTo(422);
  }
}
