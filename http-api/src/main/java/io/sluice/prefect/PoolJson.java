package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.http.Body;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPool;
import java.time.Instant;
import java.util.UUID;

/** Wire shape of a work pool (Prefect 3.8.8, schemas/responses.py WorkPoolResponse). */
record PoolJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    String description,
    String type,
    JsonNode baseJobTemplate,
    boolean isPaused,
    Integer concurrencyLimit,
    WorkPool.Status status,
    UUID defaultQueueId,
    JsonNode storageConfiguration,
    Integer activeSlots) {

  private static final String RESULT_STORAGE = "default_result_storage_block_id";

  /**
   * @param activeSlots shown only if the pool has a limit
   * @param knowsResultStorage whether the client can read the default result storage
   */
  static PoolJson of(PoolState state, int activeSlots, boolean knowsResultStorage, Instant now) {
    var pool = state.pool();
    return new PoolJson(
        pool.id(),
        pool.created(),
        pool.updated(),
        pool.name(),
        pool.description(),
        pool.type(),
        FlowRunJson.object(pool.baseJobTemplate()),
        pool.paused(),
        pool.concurrencyLimit(),
        state.status(now),
        pool.defaultQueueId(),
        storage(pool, knowsResultStorage),
        pool.concurrencyLimit() == null ? null : activeSlots);
  }

  private static ObjectNode storage(WorkPool pool, boolean knowsResultStorage) {
    var storage = JsonNodeFactory.instance.objectNode();
    storage.putNull("bundle_upload_step");
    storage.putNull("bundle_execution_step");
    storage.putNull(RESULT_STORAGE);
    if (pool.storageConfiguration() instanceof ObjectNode given) {
      storage.setAll(given);
    }
    if (!knowsResultStorage) {
      storage.remove(RESULT_STORAGE);
    }
    return storage;
  }

  /** WorkPoolStorageConfiguration. */
  static JsonNode readStorage(Body body) {
    return body.object("storage_configuration")
        .<JsonNode>map(
            given -> {
              var storage = JsonNodeFactory.instance.objectNode();
              given
                  .node("bundle_upload_step")
                  .ifPresent(step -> storage.set("bundle_upload_step", step));
              given
                  .node("bundle_execution_step")
                  .ifPresent(step -> storage.set("bundle_execution_step", step));
              given.id(RESULT_STORAGE).ifPresent(id -> storage.put(RESULT_STORAGE, id.toString()));
              given.endNested();
              return storage;
            })
        .orElse(null);
  }
}
