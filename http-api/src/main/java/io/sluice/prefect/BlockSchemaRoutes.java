package io.sluice.prefect;

import io.sluice.block.BlockSchema;
import io.sluice.block.BlockSchemas;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.prefect.BlockJson.SchemaJson;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Schemas of blocks and what they say that blocks can do (Prefect 3.8.8,
 * server/api/block_schemas.py and block_capabilities.py).
 */
final class BlockSchemaRoutes {
  private final BlockSchemas schemas;
  private final Listings listings;

  BlockSchemaRoutes(Owners owners) {
    this.schemas = owners.blocks().schemas();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router
        .post("/block_schemas/", this::create)
        .post("/block_schemas/filter", this::list)
        .get(
            "/block_schemas/{id}",
            call -> schemas.get(call.id("id")).thenApply(SchemaJson::of).thenApply(Answer::ok))
        .get("/block_schemas/checksum/{checksum}", this::byChecksum)
        .delete("/block_schemas/{id}", this::delete)
        .get("/block_capabilities/", call -> schemas.capabilities().thenApply(Answer::ok));
  }

  /** BlockSchemaCreate. */
  private CompletableFuture<Answer> create(Call call) {
    var body = call.body().notNull("fields", "capabilities", "version");
    var draft =
        new BlockSchema.Draft(
            body.requiredId("block_type_id"),
            body.map("fields"),
            Names.list(body, "capabilities").orElse(List.of()),
            body.text("version", Names.LENGTH_MAX).orElse(BlockSchema.NO_VERSION));
    body.end();
    return schemas
        .create(draft)
        .thenApply(
            created -> {
              var json = SchemaJson.of(created.typed());
              return created.isNew() ? Answer.created(json) : Answer.ok(json);
            })
        .exceptionally(
            failure -> {
              throw Refused.isA(failure, Rejection.NotFound.class)
                  ? new Plain(404, "Block type %s not found.".formatted(draft.blockTypeId()))
                  : new CompletionException(failure);
            });
  }

  private CompletableFuture<Answer> byChecksum(Call call) {
    return schemas
        .get(call.parameter("checksum"), call.query("version").orElse(null))
        .thenApply(SchemaJson::of)
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> delete(Call call) {
    return schemas.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  /** Newest first. */
  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "block_schemas", Kind.BLOCK_SCHEMA);
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, "CREATED_DESC", page.limit(), page.offset(), BlockSchemas.LISTED)
        .thenCompose(schemas::typed)
        .thenApply(found -> Answer.ok(found.stream().map(SchemaJson::of).toList()));
  }
}
