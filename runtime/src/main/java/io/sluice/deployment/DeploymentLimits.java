package io.sluice.deployment;

import io.sluice.deployment.Deployment.LimitRef;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.Limits;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The limits that are made for one deployment each and go with it. */
final class DeploymentLimits {
  private final Limits limits;

  DeploymentLimits(Limits limits) {
    this.limits = limits;
  }

  /** The limit that fulfils {@code wish}; {@code had} is still there afterwards. */
  CompletableFuture<LimitRef> fulfil(UUID deployment, LimitRef had, LimitWish wish) {
    if (wish instanceof LimitWish.Own own) {
      return own(deployment, had, own.slots());
    } else if (wish instanceof LimitWish.Shared shared) {
      return limits.get(shared.limit()).thenApply(exists -> new LimitRef(shared.limit(), false));
    }
    return CompletableFuture.completedFuture(wish instanceof LimitWish.None ? LimitRef.NONE : had);
  }

  private CompletableFuture<LimitRef> own(UUID deployment, LimitRef had, int slots) {
    if (!had.owned()) {
      return make(deployment, slots);
    }
    return resize(had.id(), slots)
        .exceptionallyCompose(
            Refused.orElse(Rejection.LimitNotFound.class, () -> make(deployment, slots)));
  }

  private CompletableFuture<LimitRef> resize(UUID limit, int slots) {
    return limits
        .change(limit, was -> was.withSlots(slots), null)
        .thenApply(changed -> new LimitRef(limit, true));
  }

  private CompletableFuture<LimitRef> make(UUID deployment, int slots) {
    var name = LimitKind.DEPLOYMENT.nameOf(deployment);
    return limits
        .create(LimitSettings.of(name, slots), 0)
        .thenApply(made -> new LimitRef(made.id(), true))
        .exceptionallyCompose(
            Refused.orElse(
                Rejection.LimitNameTaken.class,
                () -> limits.get(name).thenCompose(left -> resize(left.id(), slots))));
  }

  /** Deletes the limit if it was made for its deployment. */
  CompletableFuture<Void> drop(LimitRef limit) {
    return limit.owned()
        ? limits.delete(limit.id()).exceptionally(gone -> null)
        : CompletableFuture.completedFuture(null);
  }
}
