package io.sluice.store;

import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.setup.Setup;

/**
 * The one store of an actor system, for its journal and its owners alike: the one it was created
 * with, or else the one its configuration names, opened when it is first asked for and closed when
 * the system has ended.
 */
public final class SystemStore implements Extension {
  private static final Id ID = new Id();

  private final Store store;

  private SystemStore(Store store) {
    this.store = store;
  }

  /**
   * The store of {@code system}.
   *
   * @throws StoreUnavailable if it is to be opened and cannot be
   */
  public static Store of(ActorSystem system) {
    return ID.get(system).store;
  }

  /** Hands a store to an actor system that is being created; whoever opened it closes it. */
  public static final class StoreSetup extends Setup {
    private final Store store;

    public StoreSetup(Store store) {
      this.store = store;
    }
  }

  private static final class Id extends AbstractExtensionId<SystemStore> {
    @Override
    public SystemStore createExtension(ExtendedActorSystem system) {
      var given = system.settings().setup().get(StoreSetup.class);
      return new SystemStore(given.isPresent() ? given.get().store : opened(system));
    }

    private static Store opened(ExtendedActorSystem system) {
      var settings = StoreSettings.from(system.settings().config().getConfig("sluice"));
      var store = Store.open(settings);
      system.registerOnTermination(store::close);
      return store;
    }
  }
}
