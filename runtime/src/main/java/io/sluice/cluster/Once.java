package io.sluice.cluster;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Has an owner take each request once, however often it is sent; see {@link Ask}. In memory only: a
 * new owner knows no requests, and what it is sent was lost with the old one, or its rules know it
 * by its ids. The same holds for what is forgotten because many others came after it: an owner that
 * lets more of them wait knows those itself.
 */
public final class Once<M> extends BehaviorInterceptor<M, M> {
  /** More than may wait at one owner of rows; some 0.3 MB at an owner that is asked so often. */
  private static final int REMEMBERED_MAX = 4096;

  private final Set<UUID> requests = new LinkedHashSet<>();

  private Once(Class<M> messages) {
    super(messages);
  }

  public static <M> Behavior<M> each(Class<M> messages, Behavior<M> owner) {
    return Behaviors.intercept(() -> new Once<>(messages), owner);
  }

  @Override
  public Behavior<M> aroundReceive(TypedActorContext<M> context, M message, ReceiveTarget<M> next) {
    return message instanceof Asked asked && !isNew(asked.request())
        ? Behaviors.same()
        : next.apply(context, message);
  }

  private boolean isNew(UUID request) {
    if (!requests.add(request)) {
      return false;
    }
    if (requests.size() > REMEMBERED_MAX) {
      var oldest = requests.iterator();
      oldest.next();
      oldest.remove();
    }
    return true;
  }
}
