package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName(
    "The load of a server that works on 2 requests, keeps 2 and holds 1000 bytes of bodies")
class LoadTest {
  private final Load load =
      new Load(ConfigFactory.parseString("requests-max = 2, held-max = 2, bodies-max = 1000"));

  private boolean refuses(long size) {
    return load.refusal(size, false).isPresent();
  }

  @Nested
  class OfRequests {
    @Test
    void refuses_the_third_and_takes_it_when_one_has_ended() {
      var first = load.enter(0);
      assertThat(refuses(0)).isFalse();
      load.enter(0);
      assertThat(refuses(0)).isTrue();
      first.end();
      assertThat(refuses(0)).isFalse();
    }

    @Test
    void says_what_is_full_and_when_to_come_back() {
      load.enter(0);
      load.enter(0);
      var refusal = load.refusal(0, false).orElseThrow();
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal.headers()).containsEntry("Retry-After", "1");
      assertThat(refusal.body().toString()).contains("2 requests", "requests-max", "in 1 s");
      assertThat(load.refusal(0, false).orElseThrow().headers()).containsEntry("Retry-After", "2");
    }

    @Test
    void takes_urgent_ones_always() {
      load.enter(0);
      load.enter(0);
      assertThat(load.refusal(100, true)).isEmpty();
    }

    @Test
    void counts_the_end_of_one_once() {
      var share = load.enter(10);
      share.end();
      share.end();
      assertThat(load.working()).isZero();
      assertThat(load.bodyBytes()).isZero();
    }
  }

  @Nested
  class OfHeldOnes {
    @Test
    void leaves_their_room_to_others() {
      assertThat(load.enter(500).hold()).isTrue();
      assertThat(load.enter(500).hold()).isTrue();
      assertThat(load.working()).isZero();
      assertThat(load.bodyBytes()).isZero();
      assertThat(refuses(1000)).isFalse();
    }

    @Test
    void keeps_no_third_until_one_ends() {
      var first = load.enter(0);
      assertThat(first.hold()).isTrue();
      assertThat(load.tryKeep()).isTrue();
      var third = load.enter(0);
      assertThat(third.hold()).isFalse();
      assertThat(load.tryKeep()).isFalse();
      assertThat(load.working()).isEqualTo(1);
      first.end();
      assertThat(third.hold()).isTrue();
      load.closed();
      third.end();
      assertThat(load.held()).isZero();
    }

    @Test
    void holds_one_twice_as_one_and_none_that_is_over() {
      var share = load.enter(0);
      assertThat(share.hold()).isTrue();
      assertThat(share.hold()).isTrue();
      assertThat(load.held()).isEqualTo(1);
      share.end();
      assertThat(share.hold()).isFalse();
      assertThat(load.held()).isZero();
      assertThat(load.working()).isZero();
    }

    @Test
    void tells_a_websocket_in_the_status_after_which_its_client_tries_again() {
      assertThat(load.full().status()).isEqualTo(503);
      assertThat(load.full().headers()).containsKey("Retry-After");
    }
  }

  @Nested
  class OfBodies {
    @Test
    void refuses_what_exceeds_the_bytes_of_all_but_no_small_urgent_one() {
      load.enter(600);
      assertThat(refuses(400)).isFalse();
      assertThat(refuses(401)).isTrue();
      assertThat(load.refusal(401, true)).isEmpty();
      assertThat(load.refusal(Load.URGENT_BYTES_MAX + 1, true)).isPresent();
    }

    @Test
    void takes_one_of_any_size_if_there_is_no_other() {
      assertThat(refuses(5000)).isFalse();
    }
  }
}
