package io.sluice.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.load.Failure;
import io.sluice.load.compare.Comparison;
import io.sluice.load.compare.Comparison.Played;
import io.sluice.load.compare.Round;
import io.sluice.load.compare.Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A report")
class ReportTest {
  private static final Server A = new Server("<sluice>", URI.create("http://127.0.0.1:1/api"));
  private static final Server B = new Server("prefect", URI.create("http://127.0.0.1:2/api"));

  private static Played played(Server server, double rate, double p50) {
    var times = new Histogram(3);
    times.recordValue((long) (p50 * 1e6));
    var round = new Round.Builder().put("pairs_per_s", rate).times("pair", times);
    return new Played("lease-hot", server, 1, round.build());
  }

  private static final Comparison COMPARISON =
      new Comparison(
          "ops",
          List.of(A, B),
          Map.of("echo_pairs_per_s", 9000.0),
          List.of(played(A, 3200, 1.5), played(B, 80, 744)));

  @Test
  void shows_medians_ratios_and_floors_in_columns() {
    assertThat(Report.text(COMPARISON))
        .contains("| pairs_per_s |     3200 |      80 |    40.0 × |", "| echo_pairs_per_s |");
  }

  @Test
  void is_one_page_that_fetches_nothing(@TempDir Path dir) throws IOException {
    Report.write(COMPARISON, dir);
    var html = Files.readString(dir.resolve(Report.HTML));
    assertThat(html)
        .contains("<h3>pairs_per_s</h3>", "pair, by percentile", "&lt;sluice&gt;", "40.0 ×")
        .doesNotContain("<script", "<link", "<img", "src=", "href=", "@import", "url(", "<sluice>");
  }

  @Test
  void keeps_the_raw_figures_for_programs(@TempDir Path dir) throws IOException {
    Report.write(COMPARISON, dir);
    var json =
        new com.fasterxml.jackson.databind.ObjectMapper()
            .readTree(dir.resolve(Report.JSON).toFile());
    assertThat(json.at("/summary/lease-hot/ratio/pairs_per_s").asDouble()).isEqualTo(40);
    assertThat(json.at("/rounds/1/figures/pairs_per_s").asDouble()).isEqualTo(80);
    assertThat(json.at("/rounds/1/percentiles_ms/pair").has("99.9")).isTrue();
    assertThat(json.at("/floors/echo_pairs_per_s").asDouble()).isEqualTo(9000);
  }

  @Test
  void that_cannot_be_written_says_so(@TempDir Path dir) throws IOException {
    var file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> Report.makeDirectory(file.resolve("report")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void numbers_have_the_digits_that_count() {
    assertThat(Numbers.text(12)).isEqualTo("12");
    assertThat(Numbers.text(0.1234)).isEqualTo("0.123");
    assertThat(Numbers.text(45.67)).isEqualTo("45.7");
    assertThat(Numbers.text(12345.6)).isEqualTo("12346");
  }
}
