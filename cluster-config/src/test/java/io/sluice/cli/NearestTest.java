package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The nearest known name")
class NearestTest {
  private static final List<String> KNOWN = List.of("--host", "--port", "--data-dir");

  @Test
  void takes_the_fewest_edits() {
    assertThat(Nearest.to("--prot", KNOWN)).contains("--port");
    assertThat(Nearest.to("--datadir", KNOWN)).contains("--data-dir");
  }

  @Test
  void is_none_if_more_than_a_third_of_it_would_have_to_change() {
    assertThat(Nearest.to("--pxxt", KNOWN)).contains("--port");
    assertThat(Nearest.to("--xxxt", KNOWN)).isEmpty();
    assertThat(Nearest.to("--port", List.of())).isEmpty();
  }
}
