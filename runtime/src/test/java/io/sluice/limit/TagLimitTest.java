package io.sluice.limit;

import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.created;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.offered;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Configure;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Release;
import io.sluice.limit.LimitCommand.Renew;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.rejection.Rejection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The lease that is asked for again is held by a task run whose answer was lost. */
@DisplayName("The limit of a tag")
class TagLimitTest extends ToldLimit {
  private static final Holder TASK = Holder.taskRun(new UUID(7, 7));

  TagLimitTest() {
    super(created(LimitSettings.of("tag:db", 1)));
  }

  private static Acquire ask(int lease, int slots, Holder holder, IfBusy ifBusy) {
    return new Acquire(
        lease(lease),
        slots,
        false,
        new Hold.Leased(MINUTE, List.of()),
        holder,
        NOON,
        0,
        ifBusy,
        Style.GRANT);
  }

  private static Acquire ask(int lease, Holder holder) {
    return ask(lease, 1, holder, IfBusy.FORGET);
  }

  @Test
  void gives_a_task_run_that_asks_again_a_new_lease_for_its_old_one() {
    var first = (Granted) tell(ask(1, TASK));
    var second = (Granted) tell(ask(2, TASK));
    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(active()).isEqualTo(1);
    assertThat(last.events()).hasSize(2);
    assertThat(tell(new Renew(lease(1), MINUTE)))
        .isEqualTo(new Refused(new Rejection.LeaseGone(lease(1))));
    tell(Release.any(lease(1)));
    assertThat(active()).as("after a late release of the old lease").isEqualTo(1);
    tell(Release.any(lease(2)));
    assertThat(active()).isZero();
  }

  @Test
  void does_so_before_all_who_wait() {
    tell(ask(1, TASK));
    tell(ask(9, 1, Holder.taskRun(new UUID(7, 9)), IfBusy.PARK));
    assertThat(tell(ask(2, TASK))).isInstanceOf(Granted.class);
    assertThat(last.woken()).isEmpty();
    assertThat(tell(offered(ask(3, TASK)))).isInstanceOf(Granted.class);
    assertThat(active()).isEqualTo(1);
  }

  @Test
  void gives_other_holders_slots_of_their_own() {
    owner = created(LimitSettings.of("tag:db", 3));
    for (var holder : List.of(TASK, Holder.flowRun(TASK.id()), Holder.taskRun(new UUID(7, 8)))) {
      assertThat(tell(ask(active() + 1, holder))).isInstanceOf(Granted.class);
    }
    assertThat(active()).isEqualTo(3);
    assertThat(tell(ask(4, null))).isInstanceOf(Busy.class);
  }

  @Test
  void takes_another_number_of_slots_for_another_request() {
    owner = created(LimitSettings.of("tag:db", 3));
    tell(ask(1, TASK));
    assertThat(tell(ask(2, 2, TASK, IfBusy.FORGET))).isInstanceOf(Granted.class);
    assertThat(active()).isEqualTo(3);
  }

  @Test
  void gives_no_slot_for_a_lease_that_an_operator_wrote_off() {
    tell(ask(1, TASK));
    tell(new Configure(owner.limit().settings(), 0));
    assertThat(tell(ask(9, Holder.taskRun(new UUID(7, 9))))).isInstanceOf(Granted.class);
    assertThat(tell(ask(2, TASK))).isInstanceOf(Busy.class);
    assertThat(active()).isEqualTo(1);
  }

  @Test
  void of_another_name_gives_a_task_run_as_many_slots_as_it_asks_for() {
    owner = created(LimitSettings.of("db", 2));
    tell(ask(1, TASK));
    assertThat(tell(ask(2, TASK))).isInstanceOf(Granted.class);
    assertThat(active()).isEqualTo(2);
  }
}
