package io.sluice.cli;

import io.sluice.node.SluiceNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/**
 * Whether the node can still become ready, for the health checks of Pekko Management. One that
 * cannot must be started anew; its store being away is no reason for that.
 */
public final class AliveCheck implements Supplier<CompletionStage<Boolean>> {
  private final ActorSystem system;

  /** Called by Pekko Management. */
  public AliveCheck(ActorSystem system) {
    this.system = system;
  }

  @Override
  public CompletionStage<Boolean> get() {
    return SluiceNode.find(system)
        .map(node -> CompletableFuture.completedFuture(node.readiness().isAlive()))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }
}
