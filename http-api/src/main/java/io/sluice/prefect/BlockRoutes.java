package io.sluice.prefect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.block.BlockDocument;
import io.sluice.block.BlockDocuments;
import io.sluice.block.Blocks;
import io.sluice.block.WholeBlock;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Fault;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Blocks (Prefect 3.8.8, server/api/block_documents.py and block_types.py). Secrets are shown only
 * to who asks for them with {@code include_secrets}.
 */
final class BlockRoutes {
  /** Blocks of one type that are listed without a limit being asked for. */
  private static final int OF_TYPE_MAX = 10_000;

  private final Blocks blocks;
  private final BlockDocuments documents;
  private final Listings listings;

  BlockRoutes(Owners owners) {
    this.blocks = owners.blocks();
    this.documents = blocks.documents();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router
        .post("/block_documents/", this::create)
        .post("/block_documents/filter", this::list)
        .post("/block_documents/count", this::count)
        .get("/block_documents/{id}", call -> answer(call, documents.get(call.id("id"))))
        .patch("/block_documents/{id}", this::update)
        .delete("/block_documents/{id}", this::delete)
        .get("/block_types/slug/{slug}/block_documents", this::ofType)
        .get("/block_types/slug/{slug}/block_documents/name/{name}", this::byName);
  }

  private static boolean secrets(Call call) {
    return call.query("include_secrets").filter(Boolean::parseBoolean).isPresent();
  }

  private static CompletableFuture<Answer> answer(Call call, CompletableFuture<WholeBlock> found) {
    return found.thenApply(block -> Answer.ok(BlockJson.of(block, secrets(call))));
  }

  private static Answer all(List<WholeBlock> blocks, boolean secrets) {
    return Answer.ok(blocks.stream().map(block -> BlockJson.of(block, secrets)).toList());
  }

  /** BlockDocumentCreate. */
  private CompletableFuture<Answer> create(Call call) {
    var body = call.body().notNull("data", "is_anonymous");
    var name = name(body);
    boolean anonymous = body.bool("is_anonymous").orElse(false);
    if (!anonymous && body.node("name").isEmpty()) {
      body.wrongAsWhole(Fault.of("value_error", "Names must be provided for block documents."));
    }
    var draft =
        new BlockDocument.Draft(
            name.orElse(null),
            body.requiredId("block_type_id"),
            body.requiredId("block_schema_id"),
            anonymous,
            (ObjectNode) body.map("data"));
    body.end();
    return documents.create(draft).thenApply(block -> Answer.created(BlockJson.of(block, false)));
  }

  private static Optional<String> name(Body body) {
    return Names.ofBlock(body, "name");
  }

  /** BlockDocumentUpdate. */
  private CompletableFuture<Answer> update(Call call) {
    var body = call.body().notNull("data", "merge_existing_data");
    boolean merge = body.bool("merge_existing_data").orElse(true);
    var data = body.has("data") || !merge ? (ObjectNode) body.map("data") : null;
    var change = new BlockDocument.Change(body.id("block_schema_id").orElse(null), data, merge);
    body.end();
    return documents.change(call.id("id"), change).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    return documents.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> byName(Call call) {
    return answer(call, documents.get(call.parameter("slug"), call.parameter("name")));
  }

  private CompletableFuture<Answer> ofType(Call call) {
    return blocks
        .types()
        .get(call.parameter("slug"))
        .thenCompose(
            type -> {
              var ofType =
                  new Filter.All(
                      List.of(
                          new Filter.Test("block_type_id", Op.ANY, List.of(type.id())),
                          new Filter.Test("is_anonymous", Op.EQ, false)));
              return documents.list(
                  new Query(Kind.BLOCK_DOCUMENT, Map.of(Kind.BLOCK_DOCUMENT, ofType)),
                  "NAME_ASC",
                  OF_TYPE_MAX,
                  0);
            })
        .thenApply(found -> all(found, secrets(call)));
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = query(body);
    boolean secrets = body.bool("include_secrets").orElse(false);
    var sort = Sorts.of(body, Kind.BLOCK_DOCUMENT, "NAME_ASC");
    var page = Page.of(body);
    body.end();
    return documents
        .list(query, sort, page.limit(), page.offset())
        .thenApply(found -> all(found, secrets));
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = query(body);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }

  /** Anonymous blocks are not asked for unless the filter says something of them. */
  private static Query query(Body body) {
    var query =
        FilterBody.named(
            body,
            Kind.BLOCK_DOCUMENT,
            Map.of(
                "block_documents", Kind.BLOCK_DOCUMENT,
                "block_types", Kind.BLOCK_TYPE,
                "block_schemas", Kind.BLOCK_SCHEMA));
    if (body.whole().path("block_documents").has("is_anonymous")) {
      return query;
    }
    var filters = new EnumMap<Kind, Filter>(Kind.class);
    filters.putAll(query.filters());
    var named = new Filter.Test("is_anonymous", Op.EQ, false);
    filters.merge(Kind.BLOCK_DOCUMENT, named, (own, also) -> new Filter.All(List.of(own, also)));
    return new Query(Kind.BLOCK_DOCUMENT, filters);
  }
}
