package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Handler;
import io.sluice.http.Router;
import io.sluice.store.Store;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What clients ask first: health, readiness, versions, CSRF. */
final class SystemRoutes {
  /** The Prefect whose API this is; its client warns if the server's version is older than it. */
  private static final String PREFECT_VERSION = "3.8.8";

  private static final String API_VERSION = "0.8.4";

  private final Store store;
  private final Csrf csrf;

  SystemRoutes(Store store, Csrf csrf) {
    this.store = store;
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
    return store
        .ping()
        .thenApply(one -> Answer.ok(Map.of("message", "OK")))
        .exceptionally(
            down -> new Answer(503, Map.of("message", "Database is not available"), Map.of()));
  }
}
