package io.sluice.limit;

import io.sluice.limit.LimitReply.Overtaken;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A change of a named limit's settings: made to those that its owner has, or made again if somebody
 * else changed them meanwhile.
 *
 * @param owner asks the limit's owner
 * @param rename lists the limit by its second name instead of its first
 */
record LimitChange(
    UUID id,
    UnaryOperator<LimitSettings> change,
    Integer activeSlots,
    Function<LimitCommand, CompletableFuture<LimitReply>> owner,
    BiFunction<String, String, CompletableFuture<Void>> rename) {

  static final int OVERTAKEN_MAX = 100;

  /** The settings before and after the change. */
  record Made(LimitSettings before, LimitSettings after) {}

  CompletableFuture<Made> make() {
    return make(OVERTAKEN_MAX);
  }

  private CompletableFuture<Made> make(int tries) {
    return owner
        .apply(new LimitCommand.Get())
        .thenCompose(
            limit -> {
              var before = Limits.view(id, limit).settings();
              var made = new Made(before, change.apply(before));
              return renamed(before.name(), made.after().name())
                  .thenCompose(done -> owner.apply(configure(made)))
                  .thenCompose(reply -> answered(made, reply, tries));
            });
  }

  private CompletableFuture<Void> renamed(String before, String after) {
    return before.equals(after)
        ? CompletableFuture.completedFuture(null)
        : rename.apply(before, after);
  }

  private LimitCommand configure(Made made) {
    return new LimitCommand.Configure(made.after(), activeSlots, made.before());
  }

  private CompletableFuture<Made> answered(Made made, LimitReply reply, int tries) {
    if (!(reply instanceof Overtaken)) {
      Limits.exists(id.toString(), reply);
      return CompletableFuture.completedFuture(made);
    }
    if (tries > 1) {
      return make(tries - 1);
    }
    throw new Refused(new Rejection.ChangedMeanwhile("concurrency limit", made.before().name()));
  }
}
