package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A node that works on one request and holds three")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HeldBoundTest {
  private static final String ALL = "/v2/concurrency_limits/";
  private static final String LEASE = ALL + "increment-with-lease";

  private Served served;
  private Asker api;

  @BeforeAll
  void start() {
    served = Served.start("sluice.http { requests-max = 1, held-max = 3 }", InstantSource.system());
    api = served.api();
  }

  @AfterAll
  void stop() {
    served.close();
  }

  /** Asks again while others are worked on, as clients do. */
  private Asker.Reply post(String path, String body) {
    var reply = api.post(path, body);
    while (reply.status() == 429) {
      reply = api.post(path, body);
    }
    return reply;
  }

  private int waiting(String limit) {
    return served.node().owners().limits().get(limit).join().waiting();
  }

  @Test
  void answers_releases_and_health_while_waiters_fill_it_and_holds_no_fourth() throws Exception {
    post(ALL, "{'name': 'full', 'limit': 1}");
    var ask = "{'names': ['full'], 'slots': 1, 'mode': 'concurrency'}";
    var lease = post(LEASE, ask).text("lease_id");
    List<CompletableFuture<Asker.Reply>> waiters = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      int now = i;
      waiters.add(api.with("Prefer", "wait=20").ask("POST", LEASE, ask));
      HeldRequestTest.await(() -> waiting("full") == now, Duration.ofSeconds(10));
    }
    assertThat(api.get("/health").status()).isEqualTo(200);
    assertThat(api.get("/version").status()).isEqualTo(200);
    var fourth = api.with("Prefer", "wait=20").ask("POST", LEASE, ask);
    assertThat(fourth.get(5, TimeUnit.SECONDS).status()).isEqualTo(423);
    assertThat(fourth.join().headers().firstValue("Retry-After")).isPresent();
    for (var waiter : waiters) {
      var body = "{'lease_id': '%s'}".formatted(lease);
      assertThat(api.post(ALL + "decrement-with-lease", body).status()).isEqualTo(204);
      lease = waiter.get(5, TimeUnit.SECONDS).text("lease_id");
    }
  }

  @Test
  void answers_at_once_what_it_may_not_hold() throws Exception {
    try (var holdsNone = Served.start("sluice.http.held-max = 0", InstantSource.system())) {
      var none = holdsNone.api();
      none.post(ALL, "{'name': 'full', 'limit': 1}");
      none.post("/work_pools/", "{'name': 'idle', 'type': 'process'}");
      var ask = "{'names': ['full'], 'slots': 1, 'mode': 'concurrency'}";
      assertThat(none.post(LEASE, ask).status()).isEqualTo(200);
      for (int i = 0; i < 2; i++) {
        var refused = none.with("Prefer", "wait=20").ask("POST", LEASE, ask);
        assertThat(refused.get(8, TimeUnit.SECONDS).status()).isEqualTo(423);
        var poll =
            none.with("X-Prefect-Worker-Name", "crane")
                .ask("POST", "/work_pools/idle/get_scheduled_flow_runs", "{}");
        assertThat(poll.get(8, TimeUnit.SECONDS).json()).isEmpty();
      }
    }
  }
}
