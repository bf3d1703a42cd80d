package io.sluice.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Has an owner take each request once, however often it is sent; see {@link Ask}. In memory only: a
 * new owner knows no requests, and what it is sent was lost with the old one, or its rules know it
 * by its ids. The same holds for what is forgotten because it is old, or many others came after it:
 * an owner that lets requests wait longer, or more of them, knows those itself.
 *
 * <p>What came lately is remembered in two sets, the older of which is forgotten when the newer one
 * is full or old: an owner that was busy once does not keep it for ever.
 */
public final class Once<M> extends BehaviorInterceptor<M, M> {
  /** So many are remembered at least, more than may wait at one owner of rows. */
  static final int REMEMBERED_LEAST = 2048;

  /** Longer than a request without an answer is sent again that the owner does not know itself. */
  static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private Set<UUID> latest = new HashSet<>();
  private Set<UUID> before = new HashSet<>();
  private long since;

  private Once(Class<M> messages, LongSupplier nanoTime) {
    super(messages);
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  public static <M> Behavior<M> each(Class<M> messages, Behavior<M> owner) {
    return each(messages, owner, System::nanoTime);
  }

  static <M> Behavior<M> each(Class<M> messages, Behavior<M> owner, LongSupplier nanoTime) {
    return Behaviors.intercept(() -> new Once<>(messages, nanoTime), owner);
  }

  @Override
  public Behavior<M> aroundReceive(TypedActorContext<M> context, M message, ReceiveTarget<M> next) {
    return message instanceof Asked asked && !isNew(asked.request())
        ? Behaviors.same()
        : next.apply(context, message);
  }

  private boolean isNew(UUID request) {
    long now = nanoTime.getAsLong();
    if (latest.size() == REMEMBERED_LEAST || now - since > REMEMBERED_FOR.toNanos()) {
      before = latest;
      latest = new HashSet<>();
      since = now;
    }
    return !before.contains(request) && latest.add(request);
  }
}
