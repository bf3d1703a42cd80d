package io.sluice.limit;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cluster.Together;
import io.sluice.node.TestNode;
import io.sluice.rejection.Refused;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Changes of a limit at the same time")
class LimitChangeTest {
  private static final int CHANGES = 20;

  @TempDir static Path dir;
  private static TestNode node;
  private static int tests;

  private Limits limits;
  private UUID limit;

  @BeforeAll
  static void start() {
    node = TestNode.start(dir);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void create() {
    limits = node.owners().limits();
    limit = await(limits.create(LimitSettings.of("changed" + ++tests, 1), 0)).id();
  }

  private LimitSettings settings() {
    return await(limits.get(limit)).settings();
  }

  private CompletableFuture<Void> more() {
    return limits.change(limit, was -> was.withSlots(was.slots() + 1), null);
  }

  @Test
  void do_not_undo_each_other() {
    await(Together.done(Stream.generate(this::more).limit(CHANGES).toList()));

    assertThat(settings().slots()).isEqualTo(1 + CHANGES);
  }

  @Test
  void leave_one_name_by_which_the_limit_is_found() {
    var renaming =
        Stream.of("left" + tests, "right" + tests)
            .map(
                name ->
                    limits.change(
                        limit,
                        was -> new LimitSettings(name, true, was.slots(), was.decayPerSecond()),
                        null));
    await(Together.done(Stream.concat(renaming, Stream.of(more())).toList()));

    assertThat(settings().slots()).isEqualTo(2);
    assertThat(await(limits.get(settings().name())).id()).isEqualTo(limit);
  }

  @Test
  void are_given_up_if_too_many_others_come_first() {
    var view = await(limits.get(limit));
    var tries = new AtomicInteger();
    var change =
        new LimitChange(
            limit,
            was -> was.withActive(false),
            null,
            command ->
                CompletableFuture.completedFuture(
                    command instanceof LimitCommand.Get ? view : overtaken(tries)),
            (before, after) -> CompletableFuture.completedFuture(null));

    assertThatThrownBy(() -> await(change.make()))
        .hasRootCauseInstanceOf(Refused.class)
        .hasMessageContaining("was changed meanwhile; read it and try again");
    assertThat(tries).hasValue(LimitChange.OVERTAKEN_MAX);
  }

  private static LimitReply overtaken(AtomicInteger tries) {
    tries.incrementAndGet();
    return new LimitReply.Overtaken();
  }
}
