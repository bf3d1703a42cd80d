package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An owner that takes each request once")
class OnceTest {
  /** As Pekko numbers the addresses of those who wait for an answer: from 0 after each start. */
  private final ActorRef<String> asker = null;

  private record Add(UUID request, ActorRef<String> replyTo, int number) implements Asked {}

  private final List<Integer> taken = new ArrayList<>();
  private BehaviorTestKit<Add> owner;
  private long now;

  @BeforeEach
  void spawn() {
    owner =
        BehaviorTestKit.create(
            Once.each(
                Add.class,
                Behaviors.receiveMessage(
                    add -> {
                      taken.add(add.number());
                      return Behaviors.same();
                    }),
                () -> now));
  }

  private Add add(int number) {
    return new Add(new UUID(0, number), asker, number);
  }

  @Test
  void takes_a_request_that_is_sent_again_for_the_first_one() {
    owner.run(add(1));
    owner.run(add(2));
    owner.run(add(1));

    assertThat(taken).containsExactly(1, 2);
  }

  @Test
  void takes_another_request_from_the_same_address() {
    owner.run(add(1));
    owner.run(new Add(UUID.randomUUID(), asker, 3));

    assertThat(taken).as("its node has started again").containsExactly(1, 3);
  }

  @Test
  void remembers_2048_at_least_and_twice_as_many_at_most() {
    for (int n = 0; n <= 2 * Once.REMEMBERED_LEAST; n++) {
      owner.run(add(n));
    }
    taken.clear();

    owner.run(add(2 * Once.REMEMBERED_LEAST));
    owner.run(add(Once.REMEMBERED_LEAST));
    owner.run(add(Once.REMEMBERED_LEAST - 1));

    assertThat(taken).containsExactly(Once.REMEMBERED_LEAST - 1);
  }

  @Test
  void forgets_what_is_old() {
    owner.run(add(1));
    now += Once.REMEMBERED_FOR.plusMillis(1).toNanos();
    owner.run(add(2));
    owner.run(add(1));
    assertThat(taken).as("a minute later").containsExactly(1, 2);

    now += Once.REMEMBERED_FOR.plusMillis(1).toNanos();
    owner.run(add(1));
    owner.run(add(2));
    assertThat(taken).as("two minutes later").containsExactly(1, 2, 1);
  }
}
