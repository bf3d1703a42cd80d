package io.sluice.prefect;

import io.sluice.explain.Explanations;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.util.concurrent.CompletableFuture;

/** Why a run waits: Sluice's own, Prefect has nothing like it. */
final class ExplainRoutes {
  private final Explanations explanations;

  ExplainRoutes(Owners owners) {
    this.explanations = owners.explanations();
  }

  void addTo(Router router) {
    router.get("/sluice/flow_runs/{id}/explain", this::explain);
  }

  private CompletableFuture<Answer> explain(Call call) {
    return explanations.explain(call.id("id")).thenApply(Answer::ok);
  }
}
