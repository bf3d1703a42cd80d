package io.sluice.limit;

import io.sluice.cluster.Together;
import io.sluice.limit.LimitReply.Done;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What is done with a lease on all limits that were taken with it. */
final class LeaseCalls {
  private final LimitAsks owners;

  LeaseCalls(LimitAsks owners) {
    this.owners = owners;
  }

  /** Without effect if the lease is gone already. */
  CompletableFuture<Void> release(UUID leaseId) {
    if (OwnerKey.isOfNothing(leaseId)) {
      return CompletableFuture.completedFuture(null);
    }
    return owners
        .ask(leaseId, new LimitCommand.ReleaseLone(leaseId))
        .thenCompose(reply -> releaseOthers(leaseId, ((Done) reply).companions()));
  }

  /** The first limit's lease goes last: as long as it is there, it says which others there are. */
  private CompletableFuture<Void> releaseOthers(UUID leaseId, List<UUID> others) {
    if (others.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    var release = LimitCommand.Release.any(leaseId);
    return Together.done(others.stream().map(limit -> owners.ask(limit, release)).toList())
        .thenCompose(done -> owners.ask(leaseId, release))
        .thenApply(done -> null);
  }

  /** Refused with {@link Rejection.LeaseGone}. */
  CompletableFuture<Void> renew(UUID leaseId, Duration duration) {
    if (OwnerKey.isOfNothing(leaseId)) {
      return CompletableFuture.completedFuture(null);
    }
    var renew = new LimitCommand.Renew(leaseId, duration);
    return owners
        .ask(leaseId, renew)
        .thenCompose(reply -> onCompanions(reply, limit -> renew))
        .thenAccept(
            replies -> {
              for (var reply : replies) {
                if (reply instanceof LimitReply.Refused refused) {
                  throw new Refused(refused.why());
                }
              }
            });
  }

  private CompletableFuture<List<LimitReply>> onCompanions(
      LimitReply first, Function<UUID, LimitCommand> command) {
    if (!(first instanceof Done done) || done.companions().isEmpty()) {
      return CompletableFuture.completedFuture(List.of(first));
    }
    return Together.all(
        done.companions().stream().map(limit -> owners.ask(limit, command.apply(limit))).toList());
  }
}
