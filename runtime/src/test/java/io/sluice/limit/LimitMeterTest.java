package io.sluice.limit;

import static io.sluice.limit.Asks.LIMIT_ID;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.metric.NodeMeters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The meters of a limit")
class LimitMeterTest extends LimitActorFixture {
  private static final Config SETTINGS = ConfigFactory.load().getConfig("sluice");

  private final MeterRegistry registry = new SimpleMeterRegistry();

  LimitMeterTest() {
    meter = NodeMeters.ofLimits(NodeMeters.of(Optional.of(registry), SETTINGS, now::get)).get();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tag("limit", "db").tags(tags).gauge().value();
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private double idle() {
    return count("sluice.slot.idle.with.waiters", "limit", "db", "waiter", "held");
  }

  /** All that was asked for so far is measured: the first answer may be of the same round. */
  private void settle() {
    execute(new LimitCommand.Get());
    execute(new LimitCommand.Get());
  }

  private List<Meter.Id> ofLimits() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getTag("limit") != null)
        .toList();
  }

  @Test
  void say_what_is_so_and_add_up() {
    create(2);
    execute(ask(1, NOON));
    execute(ask(2, NOON));
    tell(parked(3));
    settle();
    assertThat(gauge("sluice.limit.slots")).isEqualTo(2);
    assertThat(gauge("sluice.limit.slots.in.use")).isEqualTo(2);
    assertThat(gauge("sluice.leases.active")).isEqualTo(2);
    assertThat(gauge("sluice.limit.waiters", "waiter", "held")).isEqualTo(1);
    assertThat(gauge("sluice.limit.waiters", "waiter", "away")).isZero();

    pass(Duration.ofSeconds(13));
    assertThat(gauge("sluice.limit.oldest.wait")).isEqualTo(10);
    tell(LimitCommand.Release.any(lease(1)));
    asker.receiveSeveralMessages(2, BOUND);
    settle();

    assertThat(gauge("sluice.limit.waiters", "waiter", "held")).isZero();
    assertThat(gauge("sluice.limit.oldest.wait")).isZero();
    assertThat(count("sluice.grants", "limit", "db")).isEqualTo(3);
    var waits = registry.get("sluice.acquire.wait").tag("kind", "global").timer();
    assertThat(waits.count()).isEqualTo(3);
    assertThat(waits.totalTime(TimeUnit.SECONDS)).isEqualTo(10);
    var holds = registry.get("sluice.slot.hold").tag("kind", "global").timer();
    assertThat(holds.count()).isEqualTo(1);
    assertThat(holds.totalTime(TimeUnit.SECONDS)).isEqualTo(13);
    assertThat(registry.get("sluice.journal.append").timer().count()).isEqualTo(rows().size());
  }

  @Test
  void show_no_idle_slots_in_a_busy_limit_and_those_of_a_slow_write() {
    create(1);
    execute(ask(1, NOON));
    for (int n = 2; n < 12; n++) {
      tell(parked(n));
      settle();
      pass(Duration.ofSeconds(20));
      tell(LimitCommand.Release.any(lease(n - 1)));
      asker.receiveSeveralMessages(2, BOUND);
    }
    settle();
    assertThat(idle()).isZero();
    var handOffs = registry.get("sluice.handoff").tag("kind", "global").timer();
    assertThat(handOffs.count()).isEqualTo(10);
    assertThat(handOffs.totalTime(TimeUnit.SECONDS)).isZero();

    tell(parked(12));
    settle();
    onWrite.set(() -> now.updateAndGet(before -> before.plusSeconds(3)));
    tell(LimitCommand.Release.any(lease(11)));
    asker.receiveSeveralMessages(2, BOUND);
    onWrite.set(() -> {});
    settle();
    assertThat(idle()).isEqualTo(3);
    assertThat(handOffs.max(TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void count_leases_that_nobody_renewed() {
    create(1);
    execute(ask(1, NOON));
    execute(new LimitCommand.Renew(lease(1), MINUTE));
    settle();
    assertThat(registry.get("sluice.lease.renewals").tag("kind", "global").counter().count())
        .isEqualTo(1);
    pass(MINUTE);
    assertThat(holders()).isEmpty();
    settle();
    assertThat(count("sluice.lease.expirations", "limit", "db")).isEqualTo(1);
  }

  @Test
  void leave_nothing_behind_when_the_owner_leaves() {
    create(1);
    execute(ask(1, NOON));
    settle();
    int others = registry.getMeters().size() - ofLimits().size();
    assertThat(ofLimits()).hasSize(10);

    testKit.stop(owner, BOUND);

    assertThat(ofLimits()).isEmpty();
    assertThat(registry.getMeters()).hasSize(others);
  }

  @Test
  void are_there_again_after_a_failure_with_the_slots_that_are_still_held() {
    create(1);
    execute(ask(1, NOON));
    writesToFail.set(1);
    assertThat(execute(LimitCommand.Release.any(lease(1))))
        .isInstanceOf(LimitReply.PerhapsDone.class);
    awaitOwnerIsBack();
    settle();
    assertThat(ofLimits()).hasSize(10);
    assertThat(gauge("sluice.limit.slots.in.use")).isEqualTo(1);
    assertThat(registry.get("sluice.slot.hold").tag("kind", "global").timer().count()).isZero();
  }

  @Test
  void follow_the_name_of_the_limit_and_go_with_it() {
    create(1);
    settle();
    execute(new LimitCommand.Configure(LimitSettings.of("tag:db", 1), null));
    settle();
    assertThat(ofLimits())
        .hasSize(10)
        .allSatisfy(id -> assertThat(id.getTag("limit")).isEqualTo("tag:db"))
        .allSatisfy(id -> assertThat(id.getTag("kind")).isEqualTo("tag"));

    execute(new LimitCommand.Delete());
    settle();
    assertThat(ofLimits()).isEmpty();
  }

  @Test
  void count_tokens_that_no_longer_counted() {
    create(1);
    execute(ask(1, NOON));
    var probe = testKit.<Fencing>createTestProbe();
    owner.tell(new LimitActor.Fence(1, probe.getRef()));
    owner.tell(new LimitActor.Fence(0, probe.getRef()));
    assertThat(probe.receiveMessage(BOUND).limit()).isEqualTo(LIMIT_ID);
    probe.receiveMessage(BOUND);
    assertThat(registry.get("sluice.fencing.checks").counter().count()).isEqualTo(2);
    assertThat(registry.get("sluice.fencing.rejections").counter().count()).isEqualTo(1);
  }
}
