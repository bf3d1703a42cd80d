package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rejection.Rejection;
import io.sluice.rejection.Rejection.NotFound;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A refusal of a rule")
class RefusalsTest {
  private static final List<Rejection> ALL =
      List.of(
          new Rejection.LimitNameTaken("a"),
          new Rejection.MoreThanLimit("a", 2, 1),
          new Rejection.RateNeedsDecay(List.of("a", "b")),
          new Rejection.LineFull("a", 100),
          new Rejection.LeaseGone(new UUID(0, 1)),
          new Rejection.LimitNotFound("a"),
          new NotFound(NotFound.What.FLOW, "a"),
          new Rejection.Dangling(NotFound.What.FLOW, "a"),
          new Rejection.BadHydration("Error hydrating flow run parameters", "Invalid JSON"),
          new Rejection.ChangedMeanwhile(NotFound.What.WORK_POOL.words(), "a"),
          new Rejection.NameTaken(NotFound.What.WORK_POOL, "a"),
          new Rejection.IdTaken(NotFound.What.TASK_RUN, new UUID(0, 1)),
          new Rejection.DefaultQueueStays("a"),
          new Rejection.NotInThisState("Job variables", "RUNNING"),
          new Rejection.NoParameterSchema("a"),
          new Rejection.BadParameters("Error creating flow run", List.of("a")),
          new Rejection.NoWorkPool("a", "b"),
          new Rejection.BadJobVariables("Error creating flow run", List.of("a")),
          new Rejection.Protected("protected block types cannot be deleted."),
          new Rejection.BadBlock("a cycle"),
          new Rejection.UnknownBlockType("a"),
          new Rejection.StoresNoResults(new UUID(0, 1)),
          new Rejection.SecretsUnreadable(new UUID(0, 1)));

  @Test
  void is_in_the_list_of_this_test() {
    assertThat(ALL)
        .extracting(each -> (Object) each.getClass())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.<Object>asList((Object[]) Rejection.class.getPermittedSubclasses()));
  }

  @Test
  void has_a_status_that_clients_expect_and_a_detail() {
    assertThat(ALL)
        .allSatisfy(
            each -> {
              var answer = Refusals.answer(each);
              assertThat(answer.status()).isIn(400, 403, 404, 409, 410, 422, 423, 500);
              assertThat(answer.body().toString()).startsWith("{detail=");
            });
  }

  /** Its client reads the header without asking whether it is there. */
  @Test
  void by_423_says_when_to_come_back() {
    assertThat(ALL)
        .map(Refusals::answer)
        .filteredOn(answer -> answer.status() == 423)
        .isNotEmpty()
        .allSatisfy(answer -> assertThat(answer.headers()).containsKey("Retry-After"));
  }

  @Test
  void names_whatever_is_missing() {
    assertThat(NotFound.What.values())
        .allSatisfy(
            what -> {
              var answer = Refusals.answer(new NotFound(what, "mine"));
              assertThat(answer.status()).isEqualTo(404);
              assertThat(answer.body().toString()).containsIgnoringCase("not found");
            });
  }
}
