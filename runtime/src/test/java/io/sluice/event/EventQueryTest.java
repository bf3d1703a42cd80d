package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A query for events")
class EventQueryTest {
  private static final Event EVENT =
      new Event(
          new UUID(0, 1),
          Instant.EPOCH,
          Instant.EPOCH,
          "order.placed",
          Map.of(Event.ID, "shop.1", "city", "Ulm (a.b)"),
          List.of(
              Map.of(Event.ID, "till.7", Event.ROLE, "till"),
              Map.of(Event.ID, "clerk.2", Event.ROLE, "clerk", "shift", "late")),
          JsonNodeFactory.instance.objectNode().put("note", "Connection Timeout"),
          null);

  private static boolean label(String... values) {
    return new Labels(Map.of("city", List.of(values))).match(EVENT.resource());
  }

  @Test
  void matches_labels_with_wildcards_and_negations() {
    assertThat(label("Ulm (a.b)")).isTrue();
    assertThat(label("Bonn", "Ulm*")).isTrue();
    assertThat(label("?lm (a.b)")).isTrue();
    assertThat(label("Ulm (a?b)")).isTrue();
    assertThat(label("Ulm (axb)")).isFalse();
    assertThat(label("Ulm")).isFalse();
    assertThat(label("!Bonn")).isTrue();
    assertThat(label("!Ulm*")).isFalse();
    assertThat(label()).isFalse();
    assertThat(new Labels(Map.of("none", List.of("!x"))).match(EVENT.resource())).isFalse();
  }

  private static ResourceFilter resource(List<String> ids, List<String> roles) {
    return new ResourceFilter(ids, List.of(), roles, List.of(), Labels.ANY);
  }

  private static boolean related(ResourceFilter... wanted) {
    return new EventQuery(
            EventFilter.ALL, List.of(wanted), List.of(), TextSearch.NOTHING, false, false)
        .matches(EVENT);
  }

  @Test
  void wants_one_related_resource_to_fit_each_filter_whole() {
    assertThat(related(resource(List.of("till.7"), List.of("till")))).isTrue();
    assertThat(related(resource(List.of("till.7"), List.of("clerk")))).isFalse();
    assertThat(
            related(resource(List.of("till.7"), List.of()), resource(List.of(), List.of("clerk"))))
        .isTrue();
    assertThat(related(resource(List.of("shop.1"), List.of()))).isFalse();
    var inRole = new ResourceFilter.InRole("clerk.2", "clerk");
    var labels = new Labels(Map.of("shift", List.of("l*")));
    assertThat(
            related(
                new ResourceFilter(
                    List.of(), List.of("clerk."), List.of(), List.of(inRole), labels)))
        .isTrue();
  }

  private static boolean any(ResourceFilter wanted) {
    return new EventQuery(
            EventFilter.ALL, List.of(), List.of(wanted), TextSearch.NOTHING, false, false)
        .matches(EVENT);
  }

  @Test
  void counts_the_resource_itself_among_any_resource() {
    assertThat(any(resource(List.of("shop.1"), List.of()))).isTrue();
    assertThat(any(resource(List.of("till.7"), List.of()))).isTrue();
    assertThat(any(resource(List.of("shop.2"), List.of()))).isFalse();
  }

  private static boolean text(String query) {
    return TextSearch.parse(query).matches(EVENT);
  }

  @Test
  void looks_for_words_in_names_values_and_payload() {
    assertThat(text("")).isTrue();
    assertThat(text("PLACED")).isTrue();
    assertThat(text("nothing timeout")).isTrue();
    assertThat(text("nothing")).isFalse();
    assertThat(text("placed -timeout")).isFalse();
    assertThat(text("placed !nothing")).isTrue();
    assertThat(text("+clerk +nothing")).isFalse();
    assertThat(text("+clerk +till.7")).isTrue();
    assertThat(text("\"connection timeout\"")).isTrue();
    assertThat(text("\"timeout connection\"")).isFalse();
    assertThat(text("-\"connection timeout\" placed")).isFalse();
    assertThat(TextSearch.parse("a \"b \\\" c\" - d"))
        .isEqualTo(new TextSearch(List.of("a", "b \" c", "d"), List.of(), List.of()));
  }
}
