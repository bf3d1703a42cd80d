package io.sluice.prefect;

import io.sluice.block.ResultStorage;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.HashMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The default storage of results (Prefect 3.8.8, server/api/admin.py). */
final class AdminRoutes {
  private static final String BLOCK = "default_result_storage_block_id";

  private final ResultStorage storage;

  AdminRoutes(Owners owners) {
    this.storage = owners.blocks().resultStorage();
  }

  void addTo(Router router) {
    router
        .get("/admin/storage", call -> storage.get().thenApply(id -> answer(id.orElse(null))))
        .put("/admin/storage", this::set)
        .delete("/admin/storage", call -> storage.clear().thenApply(done -> Answer.noContent()));
  }

  private static Answer answer(UUID block) {
    var json = new HashMap<String, Object>();
    json.put(BLOCK, block);
    return Answer.ok(json);
  }

  private CompletableFuture<Answer> set(Call call) {
    var body = call.body();
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
