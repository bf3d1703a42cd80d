package io.sluice.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Compares with what Prefect 3.8.8 made of the same schedules; see {@code schedules.py}. */
@DisplayName("A schedule")
class AsPrefectTest {
  private static List<Row> rows;

  private record Row(
      String kind,
      String text,
      String anchor,
      String zone,
      String dayOr,
      String start,
      String expected) {

    String outcome() {
      try {
        var schedule = schedule();
        return start.isEmpty() ? "good" : dates(schedule);
      } catch (BadSchedule bad) {
        return "bad";
      }
    }

    private Recurrence schedule() {
      var in = Zones.of(zone);
      return switch (kind) {
        case "cron" -> new Cron(CronExpression.parse(text), in, Boolean.parseBoolean(dayOr));
        case "rrule" -> new CalendarRule(RuleText.parse(text), in);
        default -> new Every(Every.interval(Double.parseDouble(text)), Instant.parse(anchor), in);
      };
    }

    private String dates(Recurrence schedule) {
      int count = expected.isEmpty() ? 1 : expected.split(";").length;
      return schedule.between(Instant.parse(start), Instant.MAX, count).stream()
          .map(Objects::toString)
          .collect(Collectors.joining(";"));
    }

    String difference() {
      var was = List.of(outcome().split(";"));
      var wanted = List.of(wanted().split(";"));
      int at = 0;
      while (at < was.size() && at < wanted.size() && was.get(at).equals(wanted.get(at))) {
        at++;
      }
      return "%n%s %s in %s from %s: date %d should be %s but is %s"
          .formatted(kind, text, zone, start, at, at(wanted, at), at(was, at));
    }

    private static String at(List<String> dates, int at) {
      return at < dates.size() ? dates.get(at) : "missing";
    }

    String wanted() {
      return expected.contains("T")
          ? Arrays.stream(expected.split(";"))
              .map(date -> Instant.parse(date).toString())
              .collect(Collectors.joining(";"))
          : expected;
    }
  }

  @BeforeAll
  static void readRows() throws IOException {
    var file = AsPrefectTest.class.getResourceAsStream("schedules.tsv");
    try (var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      rows =
          lines
              .lines()
              .map(line -> line.split("\t", -1))
              .map(c -> new Row(c[0], c[1], c[2], c[3], c[4], c[5], c[6]))
              .toList();
    }
  }

  @Test
  void by_cron_has_the_dates_that_prefect_gives_it_or_is_refused_too() {
    compare("cron");
  }

  @Test
  void by_interval_has_the_dates_that_prefect_gives_it() {
    compare("interval");
  }

  @Test
  void by_rule_has_the_dates_that_prefect_gives_it_or_is_refused_too() {
    compare("rrule");
  }

  private static void compare(String kind) {
    var compared = rows.stream().filter(row -> row.kind().equals(kind)).toList();
    var different = new ArrayList<String>();
    for (var row : compared) {
      if (!row.outcome().equals(row.wanted())) {
        different.add(row.difference());
      }
    }
    assertThat(compared).hasSizeGreaterThan(100);
    assertThat(different).isEmpty();
  }

  @Test
  void is_compared_on_both_sides_of_clock_changes() {
    assertThat(rows)
        .anySatisfy(
            row -> assertThat(row.expected()).contains("2025-03-09T06").contains("2025-03-09T08"))
        .anySatisfy(
            row -> assertThat(row.expected()).contains("2025-11-02T05").contains("2025-11-02T07"));
  }
}
