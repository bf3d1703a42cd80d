package io.sluice.limit;

import io.sluice.limit.LimitCommand.IfBusy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Owners whose answers are in the hands of the test, in the order in which they were asked. */
final class ScriptedAsks extends LimitAsks {
  private final Deque<CompletableFuture<LimitReply>> open = new ArrayDeque<>();
  private final List<LimitCommand> asked = new ArrayList<>();
  private BooleanSupplier mayRepeat;

  ScriptedAsks() {
    super(Duration.ofSeconds(1));
  }

  /** A request for a slot of one limit, under way, that waits if it is busy. */
  Acquisition parked(UUID limit, UUID lease) {
    return new Acquisition(
            this,
            Meant.byId(),
            List.of(limit),
            limits -> List.of(Claim.leased(limit, lease, Duration.ofMinutes(1))),
            SlotRequest.one(null, Instant.EPOCH),
            IfBusy.PARK)
        .start();
  }

  /** All that they were asked. */
  List<LimitCommand> asked() {
    return asked;
  }

  LimitCommand lastAsked() {
    return asked.get(asked.size() - 1);
  }

  /** How many questions are not answered yet. */
  int open() {
    return open.size();
  }

  /** Whether the last question may be sent again. */
  boolean mayRepeat() {
    return mayRepeat.getAsBoolean();
  }

  /** Answers the oldest question. */
  void answer(LimitReply reply) {
    open.remove().complete(reply);
  }

  /** Nobody answers the oldest question. */
  void stayAway() {
    open.remove().completeExceptionally(new TimeoutException());
  }

  @Override
  CompletableFuture<LimitReply> once(
      String key, LimitCommand command, Duration within, BooleanSupplier again) {
    mayRepeat = again;
    var answer = new CompletableFuture<LimitReply>();
    asked.add(command);
    open.add(answer);
    return answer;
  }

  @Override
  long nanoTime() {
    return 0;
  }

  @Override
  CompletableFuture<Void> pause(Duration pause) {
    return CompletableFuture.completedFuture(null);
  }
}
