package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deployment.Deployment.LimitRef;
import io.sluice.run.Place;
import io.sluice.store.Docs;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A deployment")
class DeploymentTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private final DeploymentSpec spec =
      new DeploymentSpec.Builder().build().with(s -> s.name = "nightly");
  private final Deployment deployment =
      new Deployment(
          new UUID(1, 1), 3, NOON, NOON, spec, List.of(), null, false, NOON, false, null);

  @Test
  void has_the_next_version_after_each_change() {
    var later = NOON.plusSeconds(1);
    var limit = new LimitRef(new UUID(2, 2), true);
    var changed = deployment.with(spec, List.of(), limit, later);
    assertThat(changed.version()).isEqualTo(4);
    assertThat(changed.updated()).isEqualTo(later);
    assertThat(changed.created()).isEqualTo(NOON);
    assertThat(changed.limit()).isEqualTo(limit);
    assertThat(changed.lastPolled()).isEqualTo(NOON);
  }

  @Test
  void is_not_updated_by_a_poll_but_has_the_next_version() {
    var later = NOON.plusSeconds(1);
    var polled = deployment.polled(later);
    assertThat(polled.version()).isEqualTo(4);
    assertThat(polled.updated()).isEqualTo(NOON);
    assertThat(polled.lastPolled()).isEqualTo(later);
    assertThat(polled.limit()).isEqualTo(LimitRef.NONE);
  }

  private static DeploymentSpec in(UUID queue) {
    return new DeploymentSpec.Builder()
        .build()
        .with(s -> s.place = new Place(queue, "q", new UUID(3, 1), "p"));
  }

  private static Deployment created(Instant at) {
    var spec = in(new UUID(4, 1));
    return Deployment.created(new UUID(1, 2), spec, List.of(), LimitRef.NONE, at);
  }

  @Test
  void was_asked_for_when_its_queue_was_unless_that_was_before_its_time() {
    var young = created(NOON);
    assertThat(young.polledAt(null)).isNull();
    assertThat(young.polledAt(NOON.minusMillis(1))).isNull();
    assertThat(young.isReady(NOON.minusMillis(1), NOON)).isFalse();
    assertThat(young.polledAt(NOON)).isEqualTo(NOON);
    assertThat(young.isReady(NOON, NOON.plusSeconds(60))).isTrue();
    assertThat(young.isReady(NOON, NOON.plusSeconds(60).plusMillis(1))).isFalse();
  }

  @Test
  void was_asked_for_at_the_later_of_both_if_its_own_process_asks_too() {
    var served = created(NOON).polled(NOON.plusSeconds(5));
    assertThat(served.polledAt(NOON.plusSeconds(4))).isEqualTo(NOON.plusSeconds(5));
    assertThat(served.polledAt(NOON.plusSeconds(6))).isEqualTo(NOON.plusSeconds(6));
  }

  @Test
  void keeps_what_was_asked_of_a_queue_that_it_leaves_and_begins_anew_in_another() {
    var polled = NOON.plusSeconds(5);
    var moved = NOON.plusSeconds(9);
    var left = created(NOON).leaving(polled);
    var there = left.with(in(new UUID(4, 2)), List.of(), LimitRef.NONE, moved);
    assertThat(there.polledAt(NOON.plusSeconds(8))).isEqualTo(polled);
    assertThat(there.polledAt(moved)).isEqualTo(moved);
    var same = there.with(there.spec(), List.of(), LimitRef.NONE, moved.plusSeconds(9));
    assertThat(same.polledAt(moved)).isEqualTo(moved);
  }

  @Test
  void of_a_former_version_is_where_it_is_since_it_was_created() {
    var doc = Docs.write(created(NOON)).replace(",\"placedAt\":null", "");
    var read = Docs.read(doc, Deployment.class);
    assertThat(read.polledAt(NOON)).isEqualTo(NOON);
    assertThat(read.polledAt(NOON.minusMillis(1))).isNull();
  }

  @Test
  void enforces_its_parameter_schema_unless_told_otherwise() {
    assertThat(new DeploymentSpec.Builder().build().enforceParameterSchema()).isTrue();
  }

  @Test
  void keeps_what_is_not_changed() {
    assertThat(spec.with(s -> s.paused = true).with(s -> s.paused = false)).isEqualTo(spec);
  }
}
