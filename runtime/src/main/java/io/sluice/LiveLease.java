package io.sluice;

import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that is held, and renewed at a third of its duration.
 *
 * <p>It is valid for its duration after the moment at which the last answered renewal was
 * <em>sent</em>: the owner counts from when it arrived, which is later.
 */
final class LiveLease implements Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);
  private static final int RENEWALS = 3;

  /** Where the lease is kept. */
  interface Owner {
    /** Fails with {@link Refused} for {@link Rejection.LeaseGone}, else if there is no answer. */
    CompletableFuture<Void> renew(UUID lease, Duration duration);

    CompletableFuture<Void> release(UUID lease);
  }

  private enum Stage {
    HELD,
    LOST,
    CLOSED
  }

  private final Owner owner;
  private final Threads threads;
  private final LeaseRequest request;
  private final UUID id;
  private final Map<String, Long> tokens;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Stage stage = Stage.HELD;
  private boolean ownerReachable = true;
  private long validUntil;
  private Future<?> timer;

  /**
   * @param tokens by the names of the limits
   */
  LiveLease(Owner owner, Threads threads, LeaseRequest request, UUID id, Map<String, Long> tokens) {
    this.owner = owner;
    this.threads = threads;
    this.request = request;
    this.id = id;
    this.tokens = Map.copyOf(tokens);
  }

  /**
   * Begins the renewals.
   *
   * @param askedAt when the granted request, or a renewal since then, was sent; see {@link
   *     #isFresh}
   */
  synchronized LiveLease start(long askedAt) {
    validUntil = askedAt + duration();
    timer = threads.after(askedAt + duration() / RENEWALS - System.nanoTime(), this::tick);
    return this;
  }

  /**
   * Whether a grant for {@code duration} that was asked for at {@code askedAt} is not due for a
   * renewal yet. If it is, because it had to wait, nobody here knows how old it is: it has to be
   * renewed before anybody relies on it.
   */
  static boolean isFresh(long askedAt, Duration duration) {
    return System.nanoTime() - askedAt < duration.toNanos() / RENEWALS;
  }

  /** Completes when it is lost, or its owner has written that it is closed, or cannot. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  synchronized boolean isClosed() {
    return stage == Stage.CLOSED;
  }

  private long duration() {
    return request.duration().toNanos();
  }

  private void tick() {
    long now = System.nanoTime();
    synchronized (this) {
      if (stage != Stage.HELD) {
        return;
      }
      if (now - validUntil < 0) {
        timer = threads.after(Math.min(duration() / RENEWALS, validUntil - now), this::tick);
      }
    }
    if (now - validUntil() >= 0) {
      lose(LeaseLoss.NOT_RENEWED);
    } else {
      renew(now);
    }
  }

  private synchronized long validUntil() {
    return validUntil;
  }

  private void renew(long now) {
    try {
      owner
          .renew(id, request.duration())
          .whenComplete(
              (done, failure) -> {
                if (failure == null) {
                  renewed(now);
                } else if (Refused.isA(failure, Rejection.LeaseGone.class)) {
                  lose(LeaseLoss.GONE);
                } else {
                  LOG.warn(
                      "Lease {} of {} could not be renewed: {}", id, limits(), failure.toString());
                }
              });
    } catch (RuntimeException stopped) {
      LOG.warn("Lease {} of {} could not be renewed: {}", id, limits(), stopped.toString());
    }
  }

  /** An answer that comes after the lease had run out by this clock does not bring it back. */
  private void renewed(long sentAt) {
    boolean late;
    synchronized (this) {
      late = System.nanoTime() - validUntil >= 0;
      if (!late) {
        validUntil = Math.max(validUntil - sentAt, duration()) + sentAt;
      }
    }
    if (late) {
      lose(LeaseLoss.NOT_RENEWED);
    }
  }

  /** Ends it without giving anything back; tells the listener. Without effect unless it is held. */
  void lose(LeaseLoss why) {
    synchronized (this) {
      if (stage != Stage.HELD) {
        return;
      }
      stage = Stage.LOST;
      ownerReachable = why != LeaseLoss.SLUICE_CLOSED;
      timer.cancel(false);
    }
    LOG.warn("Lease {} of {} is lost: {}", id, limits(), why);
    ended.complete(null);
    if (request.listener() != null) {
      threads.losses().execute(() -> tell(why));
    }
  }

  private void tell(LeaseLoss why) {
    try {
      request.listener().lost(this, why);
    } catch (RuntimeException failed) {
      LOG.error("The listener of lease {} of {} failed", id, limits(), failed);
    }
  }

  /** What a lost lease still holds of its other limits is given back too. */
  @Override
  public void close() {
    synchronized (this) {
      if (stage == Stage.CLOSED) {
        return;
      }
      stage = Stage.CLOSED;
      timer.cancel(false);
      if (!ownerReachable) {
        return;
      }
    }
    try {
      owner.release(id).whenComplete((done, failure) -> givenBack(failure));
    } catch (RuntimeException stopped) {
      givenBack(stopped);
    }
  }

  private void givenBack(Throwable failure) {
    if (failure != null) {
      LOG.warn(
          "Lease {} of {} could not be given back and ends by itself within {} s: {}",
          id,
          limits(),
          request.duration().toSeconds(),
          Failures.cause(failure).toString());
    }
    ended.complete(null);
  }

  @Override
  public synchronized boolean isHeld() {
    return stage == Stage.HELD && System.nanoTime() - validUntil < 0;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public List<String> limits() {
    return request.limits();
  }

  @Override
  public long fencingToken() {
    if (limits().size() > 1) {
      throw new IllegalStateException(
          "the lease is of %d limits, each with a token of its own: name the limit"
              .formatted(limits().size()));
    }
    return fencingToken(limits().get(0));
  }

  @Override
  public long fencingToken(String limit) {
    if (!limits().contains(limit)) {
      throw new IllegalArgumentException(
          "the lease is of %s, not of '%s'".formatted(limits(), limit));
    }
    return tokens.getOrDefault(limit, 0L);
  }

  @Override
  public String toString() {
    return "Lease[%s of %s%s]".formatted(id, limits(), isHeld() ? "" : ", not held");
  }
}
