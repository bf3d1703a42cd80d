package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import io.sluice.http.Json;
import io.sluice.http.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A request for a slot that is held")
@ExtendWith(SharedNode.class)
@Timeout(60)
class HeldRequestTest {
  private static final String ALL = "/v2/concurrency_limits/";
  private static final String LEASE = ALL + "increment-with-lease";
  private static final Map<String, String> WAIT = Map.of("Prefer", "wait=20");

  private final Served served;
  private final Asker api;
  private final String name = "held-" + UUID.randomUUID();
  private final String ask = "{'names': ['%s'], 'slots': 1, 'mode': 'concurrency'}".formatted(name);

  HeldRequestTest(Served served, Asker api) {
    this.served = served;
    this.api = api;
    api.post(ALL, "{'name': '%s', 'limit': 1}".formatted(name));
  }

  private String take() {
    var leased = api.with("Prefer", "wait=0").post(LEASE, ask);
    assertThat(leased.status()).isEqualTo(200);
    return leased.text("lease_id");
  }

  private void giveBack(String lease) {
    var body = "{'lease_id': '%s'}".formatted(lease);
    assertThat(api.post(ALL + "decrement-with-lease", body).status()).isEqualTo(204);
  }

  private static String leaseIn(String answer) {
    return Json.read(answer.substring(answer.indexOf("\r\n\r\n"))).required("lease_id").textValue();
  }

  private int waiting() {
    return served.node().owners().limits().get(name).join().waiting();
  }

  private int held() {
    return api.get(ALL + name).json().required("active_slots").intValue();
  }

  /** Asks the owner again and again: each answer takes its time, so this is no busy loop. */
  static void await(BooleanSupplier met, Duration within) {
    var deadline = System.nanoTime() + within.toNanos();
    while (!met.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within %s", within).isLessThan(deadline);
    }
  }

  @Test
  void is_answered_when_the_slot_is_given_back() throws Exception {
    var lease = take();
    var waiter = api.with("Prefer", "wait=20").ask("POST", LEASE, ask);
    await(() -> waiting() == 1, Duration.ofSeconds(10));
    assertThat(waiter).isNotDone();
    giveBack(lease);
    assertThat(waiter.get(2, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(held()).isEqualTo(1);
  }

  @Test
  void is_sent_back_at_once_if_it_prefers_not_to_wait() {
    take();
    assertThat(api.with("Prefer", "wait=0").post(LEASE, ask).status()).isEqualTo(423);
    assertThat(waiting()).isZero();
  }

  @Test
  void is_sent_back_at_the_end_of_its_hold_and_may_ask_again_at_once() {
    take();
    var began = System.nanoTime();
    var back = api.with("Prefer", "wait=1").post(LEASE, ask);
    assertThat(back.status()).isEqualTo(423);
    assertThat(back.headers().firstValue("Retry-After")).contains("0.0");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(900));
  }

  /** Holds are 100 ms and 200 ms by the attempt; slots have been held for 5 s. */
  @Test
  void is_held_until_its_turn_should_have_come_once_that_is_known() throws Exception {
    try (var brief =
        Served.start("sluice.http.holds = [100ms, 200ms, 20s]", InstantSource.system())) {
      var node = brief.api();
      node.post(ALL, "{'name': '%s', 'limit': 1}".formatted(name));
      var plain = "{'names': ['%s'], 'slots': 1}".formatted(name);
      assertThat(node.post(ALL + "increment", plain).status()).isEqualTo(200);
      var used = plain.replace("}", ", 'occupancy_seconds': 5.0}");
      assertThat(node.post(ALL + "decrement", used).status()).isEqualTo(200);
      var lease = node.post(LEASE, ask).text("lease_id");
      assertThat(node.post(LEASE, ask).status()).isEqualTo(423);
      var back = node.ask("POST", LEASE, ask);
      node.post(ALL, "{'name': 'other-%s', 'limit': 1}".formatted(name));
      var meanwhile = ask.replace(name, "other-" + name);
      assertThat(node.post(LEASE, meanwhile).status()).isEqualTo(200);
      assertThat(node.with("Prefer", "wait=1").post(LEASE, meanwhile).status()).isEqualTo(423);
      assertThat(back).as("after a second").isNotDone();
      var release = "{'lease_id': '%s'}".formatted(lease);
      assertThat(node.post(ALL + "decrement-with-lease", release).status()).isEqualTo(204);
      assertThat(back.get(2, TimeUnit.SECONDS).status()).isEqualTo(200);
    }
  }

  @Nested
  class WhoseClientGoes {
    @Test
    void leaves_the_line_within_a_second() throws Exception {
      take();
      try (var client = new RawConnection(api.base())) {
        client.post(LEASE, ask, WAIT);
        await(() -> waiting() == 1, Duration.ofSeconds(10));
      }
      await(() -> waiting() == 0, Duration.ofSeconds(1));
    }

    /**
     * Each round, the slot comes free and the waiter goes at the same moment. A grant that was on
     * its way to the waiter before that could be known is the waiter's, until its lease ends.
     */
    @Test
    void leaves_no_slot_behind_that_was_granted_while_it_went() throws Exception {
      for (int round = 0; round < 25; round++) {
        var lease = take();
        try (var client = new RawConnection(api.base())) {
          client.post(LEASE, ask, WAIT);
          await(() -> waiting() == 1, Duration.ofSeconds(10));
          var release =
              api.ask("POST", ALL + "decrement-with-lease", "{'lease_id': '%s'}".formatted(lease));
          var told = client.leave();
          assertThat(release.join().status()).isEqualTo(204);
          if (told.startsWith("HTTP/1.1 200")) {
            giveBack(leaseIn(told));
          }
        }
        await(() -> held() == 0, Duration.ofSeconds(1));
      }
    }

    @Test
    void lets_the_next_in_line_have_the_slot() throws Exception {
      var lease = take();
      var first = new RawConnection(api.base());
      first.post(LEASE, ask, WAIT);
      await(() -> waiting() == 1, Duration.ofSeconds(10));
      var second = api.with("Prefer", "wait=20").ask("POST", LEASE, ask);
      await(() -> waiting() == 2, Duration.ofSeconds(10));
      first.close();
      await(() -> waiting() == 1, Duration.ofSeconds(1));
      giveBack(lease);
      assertThat(second.get(2, TimeUnit.SECONDS).status()).isEqualTo(200);
    }
  }

  @Nested
  class WhenTheNodeStops {
    @Test
    void is_answered_and_no_other_is_held() throws IOException {
      try (var stopping = Served.start("", InstantSource.system())) {
        var asker = stopping.api();
        asker.post(ALL, "{'name': '%s', 'limit': 1}".formatted(name));
        asker.post(LEASE, ask);
        var parked = new ArrayList<java.util.concurrent.CompletableFuture<Asker.Reply>>();
        for (int i = 0; i < 3; i++) {
          parked.add(asker.with("Prefer", "wait=20").ask("POST", LEASE, ask));
        }
        var limits = stopping.node().owners().limits();
        await(() -> limits.get(name).join().waiting() == 3, Duration.ofSeconds(10));
        var began = System.nanoTime();
        stopping.letGo();
        assertThat(parked).allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(423));
        assertThat(asker.with("Prefer", "wait=20").post(LEASE, ask).status()).isEqualTo(423);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      }
    }
  }
}
