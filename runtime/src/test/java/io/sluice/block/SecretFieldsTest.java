package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.store.Docs;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Secret fields")
class SecretFieldsTest {
  private static ObjectNode json(String text) {
    return Docs.read(text.replace('\'', '"'), ObjectNode.class);
  }

  private static ObjectNode hidden(String data, String... paths) {
    return SecretFields.hide(json(data), List.of(paths));
  }

  @Test
  void are_hidden_and_others_are_not() {
    assertThat(hidden("{'s': 'secret', 'n': 1}", "s")).isEqualTo(json("{'s': '********', 'n': 1}"));
  }

  @Test
  void are_hidden_whatever_they_hold() {
    assertThat(hidden("{'a': 7, 'b': ['x'], 'c': false, 'd': ''}", "a", "b", "c", "d"))
        .isEqualTo(json("{'a': '********', 'b': '********', 'c': '********', 'd': '********'}"));
  }

  @Test
  void that_are_objects_are_hidden_leaf_by_leaf() {
    assertThat(hidden("{'s': {'pw': 'x', 'deep': {'n': 1}}}", "s"))
        .isEqualTo(json("{'s': {'pw': '********', 'deep': {'n': '********'}}}"));
  }

  @Test
  void are_hidden_at_and_below_a_path() {
    var data = "{'o': {'x': 1, 'y': 2}, 'd': {'k': 'v', 'l': {'m': 1}}}";
    assertThat(hidden(data, "o.x", "d.*"))
        .isEqualTo(
            json(
                "{'o': {'x': '********', 'y': 2}, 'd': {'k': '********', 'l': {'m':"
                    + " '********'}}}"));
  }

  @Test
  void that_are_null_or_missing_are_left() {
    assertThat(hidden("{'a': null, 'x': 1}", "a", "b", "x.y", "c.d"))
        .isEqualTo(json("{'a': null, 'x': 1}"));
  }

  @Test
  void leave_the_original_as_it_is() {
    var data = json("{'s': {'pw': 'x'}}");
    SecretFields.hide(data, List.of("s"));
    assertThat(data).isEqualTo(json("{'s': {'pw': 'x'}}"));
  }

  @Test
  void that_come_back_hidden_stay_what_they_were() {
    var before = json("{'s': 'secret', 'd': {'k': 'x', 'l': {'m': 1}}, 'n': 1}");
    var update = json("{'s': '********', 'd': {'k': '********', 'l': {'m': 2}}, 'n': '********'}");
    assertThat(SecretFields.keep(update, before, List.of("s", "d.*")))
        .isEqualTo(json("{'s': 'secret', 'd': {'k': 'x', 'l': {'m': 2}}, 'n': '********'}"));
  }

  @Test
  void that_are_new_are_taken_even_if_they_look_hidden() {
    assertThat(SecretFields.keep(json("{'s': '********'}"), json("{}"), List.of("s")))
        .isEqualTo(json("{'s': '********'}"));
  }
}
