package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.prefect.Returns.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Requests that were sent back")
class ReturnsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Returns returns = new Returns();

  private Place sentBack(String key, Duration keptFor) {
    var place = new Place(UUID.randomUUID(), NOON, 1, Duration.ZERO, NOON.plus(keptFor));
    returns.keep(key, place, NOON);
    return place;
  }

  @Test
  void come_back_to_their_places_in_the_order_in_which_they_left() {
    var first = sentBack("alike", Duration.ofSeconds(5));
    var second = sentBack("alike", Duration.ofSeconds(5));
    assertThat(returns.take("other", NOON)).isNull();
    assertThat(returns.take("alike", NOON)).isEqualTo(first);
    assertThat(returns.take("alike", NOON)).isEqualTo(second);
    assertThat(returns.take("alike", NOON)).isNull();
  }

  @Test
  void lose_their_places_if_they_stay_away_but_not_those_of_others() {
    sentBack("alike", Duration.ofSeconds(1));
    sentBack("alike", Duration.ofSeconds(2));
    var patient = sentBack("alike", Duration.ofSeconds(9));
    sentBack("alike", Duration.ofSeconds(3));
    var later = NOON.plusSeconds(5);
    assertThat(returns.take("alike", later)).isEqualTo(patient);
    assertThat(returns.take("alike", later)).isNull();
  }
}
