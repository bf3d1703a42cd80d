package io.sluice.cli;

import io.sluice.node.SluiceNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/** Whether the node can answer, for the health checks of Pekko Management. */
public final class ReadyCheck implements Supplier<CompletionStage<Boolean>> {
  private final ActorSystem system;

  /** Called by Pekko Management. */
  public ReadyCheck(ActorSystem system) {
    this.system = system;
  }

  @Override
  public CompletionStage<Boolean> get() {
    return SluiceNode.find(system)
        .map(node -> node.readiness().whyNot().thenApply(Optional::isEmpty))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }
}
