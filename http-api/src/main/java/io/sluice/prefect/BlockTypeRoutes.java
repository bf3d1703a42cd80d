package io.sluice.prefect;

import io.sluice.block.BlockType.Looks;
import io.sluice.block.BlockTypes;
import io.sluice.block.Blocks;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Types of blocks (Prefect 3.8.8, server/api/block_types.py). */
final class BlockTypeRoutes {
  private final Blocks blocks;
  private final Listings listings;

  BlockTypeRoutes(Owners owners) {
    this.blocks = owners.blocks();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router
        .post("/block_types/", this::create)
        .post("/block_types/filter", this::list)
        .post("/block_types/install_system_block_types", this::install)
        .get("/block_types/{id}", call -> blocks.types().get(call.id("id")).thenApply(Answer::ok))
        .get(
            "/block_types/slug/{slug}",
            call -> blocks.types().get(call.parameter("slug")).thenApply(Answer::ok))
        .patch("/block_types/{id}", this::update)
        .delete("/block_types/{id}", this::delete);
  }

  /** BlockTypeCreate. */
  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var name = Names.required(body, "name");
    var slug = body.required("slug", Names.key(body, "slug", "Block type slug"), "-");
    var looks = looks(body, new Looks(null, null, null, null));
    body.end();
    if (name.toLowerCase(Locale.ROOT).startsWith("prefect")) {
      throw new Plain(403, "Block type names beginning with 'Prefect' are reserved.");
    }
    var escaped =
        new Looks(
            looks.logoUrl(),
            looks.documentationUrl(),
            escape(looks.description()),
            escape(looks.codeExample()));
    return blocks.types().create(name, slug, escaped).thenApply(Answer::created);
  }

  /** As Prefect does when a type is created, but not when it is changed. */
  private static String escape(String text) {
    return text == null
        ? null
        : text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static Looks looks(Body body, Looks before) {
    return new Looks(
        text(body, "logo_url", before.logoUrl()),
        text(body, "documentation_url", before.documentationUrl()),
        text(body, "description", before.description()),
        text(body, "code_example", before.codeExample()));
  }

  private static String text(Body body, String field, String before) {
    return body.has(field) ? body.text(field).orElse(null) : before;
  }

  /** BlockTypeUpdate. */
  private CompletableFuture<Answer> update(Call call) {
    var body = call.body();
    looks(body, new Looks(null, null, null, null));
    body.end();
    return blocks
        .types()
        .change(call.id("id"), before -> looks(body, before))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    return blocks.types().delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query =
        FilterBody.named(
            body,
            Kind.BLOCK_TYPE,
            Map.of("block_types", Kind.BLOCK_TYPE, "block_schemas", Kind.BLOCK_SCHEMA));
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, "NAME_ASC", page.limit(), page.offset(), BlockTypes.LISTED)
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> install(Call call) {
    return blocks.installProtected().thenApply(done -> Answer.ok(null));
  }
}
