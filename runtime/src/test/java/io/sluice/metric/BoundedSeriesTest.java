package io.sluice.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Series of which two have labels of their own")
class BoundedSeriesTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final BoundedSeries<AtomicInteger> series =
      new BoundedSeries<>(
          2,
          Tags.of("limit", "other"),
          tags ->
              new Series<AtomicInteger>(registry, tags)
                  .gauge("slots", "Slots", AtomicInteger::get)
                  .longest("wait", "Wait", AtomicInteger::get)
                  .counter("grants", "Grants", null, Tags.empty(), AtomicInteger::get));

  private AtomicInteger join(String limit, int value) {
    var member = new AtomicInteger(value);
    series.join(Tags.of("limit", limit), member);
    return member;
  }

  private void leave(String limit, AtomicInteger member) {
    series.leave(Tags.of("limit", limit), member);
  }

  private double slots(String limit) {
    return registry.get("slots").tag("limit", limit).gauge().value();
  }

  private double grants(String limit) {
    return registry.get("grants").tag("limit", limit).functionCounter().count();
  }

  @Test
  void add_up_all_others_under_one() {
    for (int n = 1; n <= 1000; n++) {
      join("limit-" + n, n);
    }
    assertThat(series.size()).isEqualTo(2);
    assertThat(registry.getMeters()).hasSize(3 * 3);
    assertThat(slots("limit-1")).isEqualTo(1);
    assertThat(slots("limit-2")).isEqualTo(2);
    assertThat(slots("other")).isEqualTo(1000 * 1001 / 2 - 3);
    assertThat(registry.get("wait").tag("limit", "other").gauge().value()).isEqualTo(1000);
  }

  @Test
  void give_their_places_to_others_when_they_leave() {
    var a = join("a", 1);
    join("b", 2);
    var c = join("c", 3);
    assertThat(slots("other")).isEqualTo(3);

    leave("a", a);
    assertThat(registry.find("slots").tag("limit", "a").gauge()).isNull();
    leave("c", c);
    assertThat(slots("other")).isZero();

    join("d", 4);
    assertThat(slots("d")).isEqualTo(4);
  }

  @Test
  void never_let_a_counter_fall_when_a_member_of_many_leaves() {
    join("a", 1);
    join("b", 1);
    var c = join("c", 5);
    var d = join("d", 7);
    assertThat(grants("other")).isEqualTo(12);
    leave("c", c);
    c.set(0);
    assertThat(grants("other")).isEqualTo(12);
    d.set(9);
    assertThat(grants("other")).isEqualTo(14);
    d.set(2);
    assertThat(grants("other")).isEqualTo(14);
  }

  @Test
  void take_no_notice_of_who_leaves_twice() {
    var a = join("a", 1);
    leave("a", a);
    leave("a", a);
    assertThat(registry.getMeters()).isEmpty();
    assertThat(series.size()).isZero();
  }
}
