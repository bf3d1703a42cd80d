package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Handler;
import io.sluice.http.Router;
import io.sluice.node.Readiness;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What clients ask first: health, readiness, versions, CSRF. */
final class SystemRoutes {
  /** The Prefect whose API this is; its client warns if the server's version is older than it. */
  private static final String PREFECT_VERSION = "3.8.8";

  private static final String API_VERSION = "0.8.4";

  private final Readiness readiness;
  private final Csrf csrf;

  SystemRoutes(Readiness readiness, Csrf csrf) {
    this.readiness = readiness;
    this.csrf = csrf;
  }

  void addTo(Router router) {
    router
        .get("/health", Handler.now(call -> Answer.ok(true)))
        .get("/ready", call -> ready())
        .get("/hello", Handler.now(call -> Answer.ok("\uD83D\uDC4B")))
        .get("/version", Handler.now(call -> Answer.ok(API_VERSION)))
        .get("/admin/version", Handler.now(call -> Answer.ok(PREFECT_VERSION)))
        .get("/csrf-token", Handler.now(csrf::issue));
  }

  private CompletableFuture<Answer> ready() {
    return readiness
        .whyNot()
        .thenApply(
            why ->
                why.map(no -> new Answer(503, Map.of("message", no), Map.of()))
                    .orElseGet(() -> Answer.ok(Map.of("message", "OK"))));
  }
}
