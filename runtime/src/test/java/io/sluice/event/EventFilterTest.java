package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An event filter")
class EventFilterTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final UUID ID = new UUID(1, 1);
  private static final Event RUNNING =
      new Event(
          ID,
          NOON,
          NOON,
          "prefect.flow-run.Running",
          Map.of(Event.ID, "prefect.flow-run.r", "env", "prod"),
          List.of(Map.of(Event.ID, "prefect.flow.f", Event.ROLE, "flow")),
          null,
          null);

  private Instant since;
  private Instant until;
  private List<String> names = List.of();
  private List<String> prefixes = List.of();
  private List<String> notNames = List.of();
  private List<String> notPrefixes = List.of();
  private List<String> resources = List.of();
  private List<String> resourcePrefixes = List.of();
  private List<String> anyResources = List.of();
  private Map<String, List<String>> labels = Map.of();
  private List<UUID> ids = List.of();

  private boolean matches() {
    return new EventFilter(
            since,
            until,
            names,
            prefixes,
            notNames,
            notPrefixes,
            resources,
            resourcePrefixes,
            anyResources,
            new Labels(labels),
            ids)
        .matches(RUNNING);
  }

  @Test
  void that_asks_for_nothing_takes_every_event() {
    assertThat(matches()).isTrue();
  }

  @Test
  void takes_what_occurred_at_its_bounds_and_not_outside() {
    since = NOON;
    until = NOON;
    assertThat(matches()).isTrue();
    since = NOON.plusNanos(1);
    until = null;
    assertThat(matches()).isFalse();
    since = null;
    until = NOON.minusNanos(1);
    assertThat(matches()).isFalse();
  }

  @Test
  void takes_a_name_or_a_prefix() {
    names = List.of("prefect.flow-run.Running");
    assertThat(matches()).isTrue();
    names = List.of("prefect.flow-run");
    assertThat(matches()).isFalse();
    prefixes = List.of("x", "prefect.flow-run.");
    assertThat(matches()).isTrue();
  }

  @Test
  void leaves_out_names_and_prefixes_even_if_they_are_wanted_too() {
    names = List.of("prefect.flow-run.Running");
    notNames = names;
    assertThat(matches()).isFalse();
    notNames = List.of();
    notPrefixes = List.of("prefect.");
    assertThat(matches()).isFalse();
  }

  @Test
  void takes_its_resource_by_id_or_prefix_but_not_a_related_one() {
    resources = List.of("prefect.flow-run.r");
    assertThat(matches()).isTrue();
    resources = List.of("prefect.flow.f");
    assertThat(matches()).isFalse();
    resourcePrefixes = List.of("prefect.flow-run.");
    assertThat(matches()).isTrue();
  }

  @Test
  void takes_any_resource_own_or_related() {
    anyResources = List.of("prefect.flow.f");
    assertThat(matches()).isTrue();
    anyResources = List.of("prefect.flow-run.r");
    assertThat(matches()).isTrue();
    anyResources = List.of("prefect.flow.g");
    assertThat(matches()).isFalse();
  }

  @Test
  void wants_one_value_of_every_label() {
    labels = Map.of("env", List.of("test", "prod"));
    assertThat(matches()).isTrue();
    labels = Map.of("env", List.of("prod"), "team", List.of("a"));
    assertThat(matches()).isFalse();
  }

  @Test
  void wants_all_it_asks_for() {
    ids = List.of(ID);
    names = List.of("prefect.flow-run.Running");
    assertThat(matches()).isTrue();
    ids = List.of(new UUID(2, 2));
    assertThat(matches()).isFalse();
  }

  @Test
  void is_not_put_off_by_a_related_resource_without_an_id() {
    var nameless =
        new Event(
            ID,
            NOON,
            NOON,
            "x",
            RUNNING.resource(),
            List.of(Map.of(Event.ROLE, "flow")),
            null,
            null);
    var none = List.<String>of();
    var filter =
        new EventFilter(
            null, null, none, none, none, none, none, none, List.of("x"), Labels.ANY, List.of());
    assertThat(filter.matches(nameless)).isFalse();
  }
}
