package io.sluice.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.load.compare.Held;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A plot")
class PlotsTest {
  private static final int LANES_WIDE = 900;

  @Test
  void of_slots_has_a_lane_for_each_and_a_bar_for_each_holder() {
    var gantt =
        Gantt.of(
            List.of(new Held(0, 0, 0, 50), new Held(1, 0, 10, 100), new Held(2, 0, 60, 80)), 2);
    assertThat(gantt.lanes()).isEqualTo(2);
    assertThat(gantt.bars()).extracting(Gantt.Bar::lane).containsExactly(0, 1, 0);
    assertThat(gantt.bars().get(1).x()).isEqualTo(LANES_WIDE * 0.1, within(1e-6));
    assertThat(gantt.bars().get(1).width()).isEqualTo(LANES_WIDE * 0.9, within(1e-6));
    assertThat(gantt.spanNanos()).isEqualTo(100);
    assertThat(gantt.svg()).contains("slot 2").doesNotContain("TOO MANY");
  }

  @Test
  void of_slots_that_were_granted_twice_shows_a_lane_too_many() {
    var gantt = Gantt.of(List.of(new Held(0, 0, 0, 50), new Held(1, 0, 49, 100)), 1);
    assertThat(gantt.lanes()).isEqualTo(2);
    assertThat(gantt.svg()).contains("TOO MANY");
  }

  @Test
  void of_slots_leaves_out_what_nobody_could_see() {
    var many = new ArrayList<Held>();
    for (int i = 0; i < Gantt.BARS_MAX + 5; i++) {
      many.add(new Held(i, 0, i * 10L, i * 10L + 9));
    }
    var gantt = Gantt.of(many, 1);
    assertThat(gantt.bars()).hasSize(Gantt.BARS_MAX);
    assertThat(gantt.leftOut()).isEqualTo(5);
  }

  @Test
  void of_percentiles_gives_each_nine_the_same_room() {
    assertThat(Curves.at(0)).isZero();
    assertThat(Curves.at(90)).isEqualTo(0.25, within(1e-9));
    assertThat(Curves.at(99)).isEqualTo(0.5, within(1e-9));
    assertThat(Curves.at(99.9)).isEqualTo(0.75, within(1e-9));
    assertThat(Curves.at(100)).isEqualTo(1);
  }

  @Test
  void of_percentiles_has_a_line_for_each_server() {
    var times = new Histogram(3);
    times.recordValue(1_000_000);
    times.recordValue(200_000_000);
    var byServer = new LinkedHashMap<String, Histogram>();
    byServer.put("sluice", times);
    byServer.put("prefect", times);
    var svg = Curves.svg(byServer);
    assertThat(svg.split("<polyline")).hasSize(3);
    assertThat(svg).contains("sluice", "prefect", "p99.99", "p50", "1000 ms").doesNotContain("NaN");
  }

  @Test
  void of_a_figure_has_bars_as_long_as_the_figure_says() {
    assertThat(Bars.length(5, 10, 400)).isEqualTo(200);
    assertThat(Bars.length(10, 10, 400)).isEqualTo(400);
    assertThat(Bars.length(0, 0, 400)).isZero();
    assertThat(Bars.svg(Map.of("a & b", 3.0))).contains("a &amp; b", "3");
  }
}
