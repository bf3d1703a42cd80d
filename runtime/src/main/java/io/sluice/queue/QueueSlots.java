package io.sluice.queue;

import io.sluice.cluster.Together;
import io.sluice.limit.Claim;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.Limits;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The slots of a work queue and of its pool. Each is a limit with the queue's or pool's own id; a
 * run's lease is named after the run, so that whoever knows the run can give it back.
 */
public class QueueSlots {
  private final Limits limits;

  public QueueSlots(Limits limits) {
    this.limits = limits;
  }

  /** The limits of which a run has to take a slot. */
  List<UUID> limits(UUID queue, QueueTerms terms) {
    var limited = new ArrayList<UUID>(2);
    if (terms.poolLimited()) {
      limited.add(terms.poolId());
    }
    if (terms.limit() != null) {
      limited.add(queue);
    }
    return limited;
  }

  CompletableFuture<Void> release(UUID queue, QueueTerms terms, UUID run) {
    return Together.done(
        limits(queue, terms).stream()
            .map(limit -> limits.release(limit, OwnerKey.leaseOf(limit, run)))
            .toList());
  }

  /** The run occupies the queue whether there is room or not. */
  CompletableFuture<Void> force(UUID queue, QueueTerms terms, UUID run, Instant now) {
    return Together.done(
        limits(queue, terms).stream()
            .map(
                limit -> limits.force(claim(limit, run), SlotRequest.one(Holder.flowRun(run), now)))
            .toList());
  }

  /** Puts the queue's own limit in accordance with its settings; the pool sees to the pool's. */
  CompletableFuture<Void> change(
      UUID queue, QueueTerms terms, Collection<UUID> occupants, Instant now) {
    return terms.limit() == null ? limits.drop(queue) : put(queue, terms, occupants, now);
  }

  private CompletableFuture<Void> put(
      UUID queue, QueueTerms terms, Collection<UUID> occupants, Instant now) {
    var name = LimitKind.WORK_QUEUE.nameOf(terms.label());
    return put(queue, name, terms.limit(), occupants, now);
  }

  /**
   * A limit with a slot for each of {@code occupants}, also if one gave its slot back meanwhile;
   * see {@link #free}.
   */
  public CompletableFuture<Void> put(
      UUID id, String name, int slots, Collection<UUID> occupants, Instant now) {
    var claims = occupants.stream().map(run -> claim(id, run)).toList();
    var holders = occupants.stream().map(Holder::flowRun).toList();
    return limits.put(id, LimitSettings.of(name, slots), claims, holders, now);
  }

  /**
   * After a restart: slots whose runs no longer occupy the queue are free. A run that leaves while
   * this is under way may have its slot again; see {@link #free}.
   */
  CompletableFuture<Void> restore(
      UUID queue, QueueTerms terms, Collection<UUID> occupants, Instant now) {
    return terms.limit() == null
        ? CompletableFuture.completedFuture(null)
        : put(queue, terms, occupants, now).thenCompose(done -> retain(queue, occupants, now));
  }

  /** Gives the slots of runs back that have left. */
  public CompletableFuture<Void> free(UUID limit, Collection<UUID> runs) {
    return Together.done(
        runs.stream().map(run -> limits.release(limit, OwnerKey.leaseOf(limit, run))).toList());
  }

  /** Removes the limit. */
  public CompletableFuture<Void> drop(UUID id) {
    return limits.drop(id);
  }

  /** Drops the slots of runs that are not among {@code occupants}. */
  public CompletableFuture<Void> retain(UUID id, Collection<UUID> occupants, Instant before) {
    return limits.retain(
        id, occupants.stream().map(run -> OwnerKey.leaseOf(id, run)).toList(), before);
  }

  CompletableFuture<Void> retire(UUID queue, QueueTerms terms, Collection<UUID> occupants) {
    var gone = new ArrayList<CompletableFuture<Void>>();
    if (terms.poolLimited()) {
      for (var run : occupants) {
        gone.add(limits.release(terms.poolId(), OwnerKey.leaseOf(terms.poolId(), run)));
      }
    }
    gone.add(limits.drop(queue));
    return Together.done(gone);
  }

  private static Claim claim(UUID limit, UUID run) {
    return Claim.untilReleased(limit, OwnerKey.leaseOf(limit, run));
  }
}
