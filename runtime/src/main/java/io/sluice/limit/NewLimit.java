package io.sluice.limit;

import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** The creation of one limit: its name first, which makes it unique, then the limit itself. */
final class NewLimit {
  private final LimitDirectory directory;
  private final LimitOwners owners;
  private final LimitSettings settings;
  private final int activeSlots;

  NewLimit(LimitDirectory directory, LimitOwners owners, LimitSettings settings, int activeSlots) {
    this.directory = directory;
    this.owners = owners;
    this.settings = settings;
    this.activeSlots = activeSlots;
  }

  /** Its id; refused with {@link Rejection.LimitNameTaken}. */
  CompletableFuture<UUID> create(Instant now) {
    var id = UUID.randomUUID();
    return directory
        .add(id, settings.name(), now)
        .thenApply(added -> id)
        .exceptionallyCompose(this::abandoned)
        .thenCompose(this::create);
  }

  private CompletableFuture<UUID> create(UUID id) {
    return owners
        .ask(id, new LimitCommand.Create(id, settings, activeSlots, List.of()))
        .thenApply(
            reply -> {
              if (reply instanceof LimitReply.Refused refused) {
                throw new Refused(refused.why());
              }
              return id;
            });
  }

  /** The id of a name that is taken and of which there is no limit: its node died in between. */
  private CompletableFuture<UUID> abandoned(Throwable taken) {
    if (!Refused.isA(taken, Rejection.LimitNameTaken.class)) {
      return CompletableFuture.failedFuture(taken);
    }
    directory.forget(List.of(settings.name()));
    return directory
        .find(settings.name())
        .thenCompose(
            id ->
                id.isPresent()
                    ? owners
                        .ask(id.get(), new LimitCommand.Get())
                        .thenCompose(reply -> abandoned(id.get(), reply, taken))
                    : CompletableFuture.failedFuture(taken));
  }

  private static CompletableFuture<UUID> abandoned(UUID id, LimitReply reply, Throwable taken) {
    return reply instanceof LimitReply.NoSuchLimit
        ? CompletableFuture.completedFuture(id)
        : CompletableFuture.failedFuture(taken);
  }
}
