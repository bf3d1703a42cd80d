package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A text of a request")
class TextsTest {
  private static final String PAIR = "\uD83D\uDE00";

  @Test
  void is_whole_with_pairs_of_surrogates_and_control_characters() {
    assertThat(Texts.isWhole("a" + PAIR + "\t\u0001")).isTrue();
    assertThat(Texts.isWhole("")).isTrue();
  }

  @Test
  void is_not_whole_with_nul_or_half_a_pair() {
    for (var broken : new String[] {"a\0b", "\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83D" + PAIR}) {
      assertThat(Texts.isWhole(broken)).as("%s", broken.codePoints().boxed().toList()).isFalse();
      assertThat(Texts.isWhole(Texts.mended(broken))).isTrue();
    }
  }

  @Test
  void is_mended_where_it_is_broken_and_nowhere_else() {
    assertThat(Texts.mended("a\0b" + PAIR + "\uDE00")).isEqualTo("a\uFFFDb" + PAIR + "\uFFFD");
  }

  @Test
  void is_refused_with_what_cannot_be_kept_wherever_it_stands() {
    for (var body :
        new String[] {
          "'a\\u0000'", "{'a': ['\\ud800']}", "{'a\\u0000': 1}", "[{'a': {'b': 'x\\udc00'}}]"
        }) {
      assertThatThrownBy(() -> Json.read(body.replace('\'', '"'))).isInstanceOf(Invalid.class);
    }
  }

  @Test
  void can_be_mended_wherever_it_stands() {
    var mended = Json.readMended("[{\"a\\u0000\": [\"\\ud800\", 1, \"ok\"]}]");
    assertThat(mended.toString()).isEqualTo("[{\"a\uFFFD\":[\"\uFFFD\",1,\"ok\"]}]");
  }

  @Test
  void is_refused_if_it_is_deeper_than_can_be_answered() {
    assertThat(Json.read(deep(Json.DEPTH_MAX))).isNotNull();
    assertThatThrownBy(() -> Json.read(deep(Json.DEPTH_MAX + 1))).isInstanceOf(Invalid.class);
  }

  private static String deep(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }
}
