package io.sluice.prefect;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.artifact.Artifacts;
import io.sluice.artifact.Artifacts.Artifact;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Artifacts of runs (Prefect 3.8.8, server/api/artifacts.py). */
final class ArtifactRoutes {
  private final Artifacts artifacts;
  private final Listings listings;

  ArtifactRoutes(Owners owners) {
    this.artifacts = owners.artifacts();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router
        .post("/artifacts/", this::create)
        .get("/artifacts/{id}", this::read)
        .get("/artifacts/{key}/latest", this::latest)
        .patch("/artifacts/{id}", this::update)
        .delete("/artifacts/{id}", this::delete)
        .post("/artifacts/filter", this::list)
        .post("/artifacts/count", this::count);
  }

  /** Artifact. */
  private record ArtifactJson(
      UUID id,
      Instant created,
      Instant updated,
      String key,
      String type,
      String description,
      JsonNode data,
      @JsonProperty("metadata_") JsonNode metadata,
      UUID flowRunId,
      UUID taskRunId) {

    static ArtifactJson of(Artifact artifact) {
      return new ArtifactJson(
          artifact.id(),
          artifact.created(),
          artifact.updated(),
          artifact.key(),
          artifact.type(),
          artifact.description(),
          artifact.data(),
          artifact.metadata(),
          artifact.flowRunId(),
          artifact.taskRunId());
    }
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var draft =
        new Artifact(
            null,
            null,
            null,
            Names.key(body, "key").orElse(null),
            body.text("type").orElse(null),
            body.text("description").orElse(null),
            body.node("data").orElse(null),
            body.node("metadata_").map(given -> body.map("metadata_")).orElse(null),
            body.id("flow_run_id").orElse(null),
            body.id("task_run_id").orElse(null));
    body.end();
    return artifacts.create(draft).thenApply(made -> Answer.created(ArtifactJson.of(made)));
  }

  private CompletableFuture<Answer> read(Call call) {
    return artifacts.get(call.id("id")).thenApply(found -> Answer.ok(ArtifactJson.of(found)));
  }

  private CompletableFuture<Answer> latest(Call call) {
    return artifacts
        .latest(call.parameter("key"))
        .thenApply(found -> Answer.ok(ArtifactJson.of(found)));
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body();
    boolean described = body.has("description");
    var description = body.text("description").orElse(null);
    boolean withData = body.has("data");
    var data = body.node("data").orElse(null);
    boolean withMetadata = body.has("metadata_");
    var metadata = body.node("metadata_").orElse(null);
    body.end();
    return artifacts
        .change(
            call.id("id"),
            was ->
                new Artifact(
                    was.id(),
                    was.created(),
                    was.updated(),
                    was.key(),
                    was.type(),
                    described ? description : was.description(),
                    withData ? data : was.data(),
                    withMetadata ? metadata : was.metadata(),
                    was.flowRunId(),
                    was.taskRunId()))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    return artifacts.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.body();
    var query = query(body);
    var sort = Sorts.of(body, Kind.ARTIFACT, "ID_DESC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), Artifacts.LISTED)
        .thenApply(found -> Answer.ok(found.stream().map(ArtifactJson::of).toList()));
  }

  private static io.sluice.filter.Query query(Body body) {
    return FilterBody.joined(body, Kind.ARTIFACT, "artifacts");
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.body();
    var query = query(body);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}
