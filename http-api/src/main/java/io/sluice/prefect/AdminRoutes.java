package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.block.ResultStorage;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Handler;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Settings, and the default storage of results (Prefect 3.8.8, server/api/admin.py). */
final class AdminRoutes {
  /** As pydantic shows a secret. */
  private static final String MASK = "**********";

  private static final String BLOCK = "default_result_storage_block_id";

  private final ResultStorage storage;
  private final Map<String, Object> settings;

  /**
   * @param config {@code sluice}
   */
  AdminRoutes(Owners owners, Config config, Credentials credentials, Csrf csrf) {
    this.settings = settings(config, api(credentials, csrf));
    this.storage = owners.blocks().resultStorage();
  }

  void addTo(Router router) {
    router
        .get("/admin/settings", Handler.now(call -> Answer.ok(settings)))
        .get("/admin/storage", call -> storage.get().thenApply(id -> answer(id.orElse(null))))
        .put("/admin/storage", this::set)
        .delete("/admin/storage", call -> storage.clear().thenApply(done -> Answer.noContent()));
  }

  /**
   * What of Prefect's settings means something here, in its groups and under its names. Addresses,
   * users and keys of stores are not in it.
   */
  private static Map<String, Object> settings(Config config, Map<String, Object> api) {
    var event = config.getConfig("event");
    return Map.of(
        "server",
        Map.of(
            "api",
            api,
            "concurrency",
            Map.of(
                "initial_deployment_lease_duration",
                (double) config.getDuration("deployment.grace-period").toSeconds()),
            "database",
            Map.of("migrate_on_start", true),
            "deployments",
            Map.of(
                "concurrency_slot_wait_seconds",
                (double) config.getDuration("run.await-slot-for").toSeconds()),
            "ephemeral",
            Map.of("enabled", false),
            "events",
            Map.of(
                "stream_out_enabled",
                true,
                "retention_period",
                event.getDuration("keep-for").toString()),
            "logs",
            Map.of("stream_out_enabled", true, "stream_publishing_enabled", true),
            "services",
            Map.of("triggers", Map.of("enabled", false)),
            "ui",
            Map.of("enabled", false)));
  }

  private static Map<String, Object> api(Credentials credentials, Csrf csrf) {
    var api = new HashMap<String, Object>();
    api.put("default_limit", Page.LIMIT_MAX);
    api.put("csrf_protection_enabled", csrf.isOn());
    api.put("auth_string", credentials.areWanted() ? MASK : null);
    return api;
  }

  private static Answer answer(UUID block) {
    var json = new HashMap<String, Object>();
    json.put(BLOCK, block);
    return Answer.ok(json);
  }

  private CompletableFuture<Answer> set(Call call) {
    var body = call.arguments();
    var block = body.requiredId(BLOCK);
    body.end();
    return storage
        .set(block)
        .thenApply(done -> answer(block))
        .exceptionally(
            failure -> {
              throw Refused.isA(failure, Rejection.NotFound.class)
                  ? new Plain(404, "Block document %s not found.".formatted(block))
                  : new CompletionException(failure);
            });
  }
}
