package io.sluice.rejection;

import static io.sluice.rejection.Rejection.NotFound.What.TASK_RUN;
import static io.sluice.rejection.Rejection.NotFound.What.WORK_POOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A refusal")
class RejectionTest {
  private static final List<Rejection> ALL =
      List.of(
          new Rejection.LimitNameTaken("db"),
          new Rejection.MoreThanLimit("db", 7, 3),
          new Rejection.RateNeedsDecay(List.of("db", "api")),
          new Rejection.LineFull("db", 5000),
          new Rejection.LeaseGone(new UUID(1, 1)),
          new Rejection.LimitNotFound("db"),
          new Rejection.NotFound(WORK_POOL, "p"),
          new Rejection.Dangling(WORK_POOL, "p"),
          new Rejection.BadHydration("Error hydrating flow run parameters", "Invalid JSON."),
          new Rejection.ChangedMeanwhile(WORK_POOL.words(), "p"),
          new Rejection.NameTaken(WORK_POOL, "p"),
          new Rejection.IdTaken(TASK_RUN, new UUID(0, 1)),
          new Rejection.DefaultQueueStays("p"),
          new Rejection.NotInThisState("Job variables", "RUNNING"),
          new Rejection.NoParameterSchema("nightly"),
          new Rejection.BadParameters("Error creating flow run", List.of("$.n: no integer")),
          new Rejection.BadJobVariables("Error creating flow run", List.of("$.cpu: no integer")),
          new Rejection.Protected("Block type secret is protected."),
          new Rejection.BadBlock("A block needs a name."),
          new Rejection.UnknownBlockType("secret"),
          new Rejection.StoresNoResults(new UUID(1, 1)),
          new Rejection.SecretsUnreadable(new UUID(1, 1)),
          new Rejection.NoWorkPool("nightly", "q"));

  @Test
  void is_one_of_a_closed_list_that_this_test_knows_in_full() {
    assertThat(ALL.stream().map(Object::getClass))
        .containsExactlyInAnyOrder(Rejection.class.getPermittedSubclasses());
  }

  @Test
  void says_all_the_facts_it_knows() {
    for (var why : ALL) {
      for (var fact : facts(why)) {
        assertThat(why.message()).as("%s", why).contains(fact);
      }
    }
  }

  private static List<String> facts(Rejection why) {
    return Stream.of(why.getClass().getRecordComponents())
        .map(component -> value(component, why))
        .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value))
        .map(
            value ->
                value instanceof Rejection.NotFound.What what ? what.words() : value.toString())
        .toList();
  }

  private static Object value(RecordComponent component, Rejection why) {
    try {
      return component.getAccessor().invoke(why);
    } catch (ReflectiveOperationException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void travels_through_futures_without_a_stack_trace() {
    var refused = new Refused(ALL.get(0));
    assertThat(refused).hasMessage(ALL.get(0).message());
    assertThat(refused.getStackTrace()).isEmpty();
    assertThat(refused.why()).isEqualTo(ALL.get(0));
  }

  @Test
  void is_recognised_however_deep_it_is_wrapped() {
    var wrapped = new CompletionException(new CompletionException(new Refused(ALL.get(5))));
    assertThat(Refused.isA(wrapped, Rejection.LimitNotFound.class)).isTrue();
    assertThat(Refused.isA(wrapped, Rejection.LeaseGone.class)).isFalse();
    assertThat(Refused.isA(new IllegalStateException(), Rejection.LimitNotFound.class)).isFalse();
  }

  @Test
  void of_one_kind_can_be_answered_while_all_other_failures_stay() {
    var refused = CompletableFuture.<String>failedFuture(new Refused(ALL.get(5)));
    assertThat(refused.exceptionally(Refused.or(Rejection.LimitNotFound.class, "none")).join())
        .isEqualTo("none");
    assertThatThrownBy(
            () -> refused.exceptionally(Refused.or(Rejection.LeaseGone.class, "none")).join())
        .hasCauseInstanceOf(Refused.class);
  }

  @Test
  void of_one_kind_can_be_made_up_for_while_all_other_failures_stay() {
    var refused = CompletableFuture.<String>failedFuture(new Refused(ALL.get(5)));
    var found = CompletableFuture.completedFuture("found");
    assertThat(
            refused
                .exceptionallyCompose(Refused.orElse(Rejection.LimitNotFound.class, () -> found))
                .join())
        .isEqualTo("found");
    assertThatThrownBy(
            () ->
                refused
                    .exceptionallyCompose(Refused.orElse(Rejection.LeaseGone.class, () -> found))
                    .join())
        .hasCauseInstanceOf(Refused.class);
  }
}
