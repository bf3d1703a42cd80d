package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.block.BlockDocuments;
import io.sluice.block.References;
import io.sluice.cluster.Together;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.rejection.Rejection.NotFound.What;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Base job templates of work pools with the values of blocks in the place of the defaults that
 * refer to them: {@code {"$ref": {"block_document_id": …}}} (Prefect 3.8.8,
 * server/api/validation.py). They serve to check job variables; a pool keeps its template as it is,
 * and workers ask for the blocks themselves.
 */
public final class BlockDefaults {
  private final BlockDocuments blocks;

  public BlockDefaults(BlockDocuments blocks) {
    this.blocks = blocks;
  }

  /**
   * The template with what its defaults stand for, secrets hidden; a default that does not say
   * which block is left out. Refused if there is no such block.
   */
  public CompletableFuture<JsonNode> of(JsonNode template) {
    var referring = new LinkedHashMap<String, Optional<String>>();
    if (template != null) {
      for (var variable : template.at("/variables/properties").properties()) {
        var value = variable.getValue().path("default");
        if (References.isOne(value)) {
          referring.put(variable.getKey(), References.blockIn(value));
        }
      }
    }
    return referring.isEmpty()
        ? CompletableFuture.completedFuture(template)
        : Together.found(referring.keySet(), name -> value(referring.get(name)))
            .thenApply(
                values -> {
                  var meant = template.deepCopy();
                  for (var name : referring.keySet()) {
                    var variable = (ObjectNode) meant.at("/variables/properties").get(name);
                    variable.remove("default");
                    Optional.ofNullable(values.get(name))
                        .ifPresent(value -> variable.set("default", value));
                  }
                  return meant;
                });
  }

  private CompletableFuture<Optional<ObjectNode>> value(Optional<String> block) {
    return block
        .map(id -> get(id).thenApply(Optional::of))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletableFuture<ObjectNode> get(String id) {
    var missing = new Refused(new Rejection.NotFound(What.DEFAULT_BLOCK, id));
    try {
      return blocks
          .get(UUID.fromString(id))
          .thenApply(block -> block.dataWithoutSecrets())
          .exceptionallyCompose(
              Refused.orElse(
                  Rejection.NotFound.class, () -> CompletableFuture.failedFuture(missing)));
    } catch (IllegalArgumentException none) {
      return CompletableFuture.failedFuture(missing);
    }
  }
}
