package io.sluice.node;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** The one node of an actor system: its owners are started once, however often they are asked. */
final class SystemNode implements Extension {
  private static final Id ID = new Id();

  private SluiceNode node;

  private SystemNode() {}

  static SluiceNode of(ActorSystem<?> system, Supplier<SluiceNode> start) {
    return ID.get(Adapter.toClassic(system)).orStart(start);
  }

  /** The node of {@code system}, if it was started. */
  static Optional<SluiceNode> find(org.apache.pekko.actor.ActorSystem system) {
    return ID.get(system).found();
  }

  private synchronized Optional<SluiceNode> found() {
    return Optional.ofNullable(node);
  }

  private synchronized SluiceNode orStart(Supplier<SluiceNode> start) {
    if (node == null) {
      node = start.get();
    }
    return node;
  }

  private static final class Id extends AbstractExtensionId<SystemNode> {
    @Override
    public SystemNode createExtension(ExtendedActorSystem system) {
      return new SystemNode();
    }
  }
}
