package io.sluice.prefect;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.artifact.Artifacts;
import io.sluice.artifact.Artifacts.Artifact;
import io.sluice.filter.Kind;
import io.sluice.filter.Listed;
import io.sluice.filter.Listings;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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
        .post("/artifacts/filter", call -> list(call, Kind.ARTIFACT))
        .post("/artifacts/count", call -> count(call, Kind.ARTIFACT))
        .post("/artifacts/latest/filter", call -> list(call, Kind.LATEST_ARTIFACT))
        .post("/artifacts/latest/count", call -> count(call, Kind.LATEST_ARTIFACT));
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

  /** ArtifactCollection: the newest artifact of a key, with an id that is the same for the key. */
  private record CollectionJson(
      UUID id,
      Instant created,
      Instant updated,
      String key,
      UUID latestId,
      String type,
      String description,
      JsonNode data,
      @JsonProperty("metadata_") JsonNode metadata,
      UUID flowRunId,
      UUID taskRunId) {

    static CollectionJson of(Artifact latest) {
      return new CollectionJson(
          latest.collectionId(),
          latest.created(),
          latest.updated(),
          latest.key(),
          latest.id(),
          latest.type(),
          latest.description(),
          latest.data(),
          latest.metadata(),
          latest.flowRunId(),
          latest.taskRunId());
    }
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var draft =
        new Artifact(
            null,
            null,
            null,
            Names.key(body, "key", "Artifact key").orElse(null),
            body.text("type", Names.LENGTH_MAX).orElse(null),
            body.text("description").orElse(null),
            body.node("data").orElse(null),
            metadata(body),
            body.id("flow_run_id").orElse(null),
            body.id("task_run_id").orElse(null));
    body.end();
    return artifacts.create(draft).thenApply(made -> Answer.created(ArtifactJson.of(made)));
  }

  /** Texts by their names. */
  private static JsonNode metadata(Body body) {
    body.textMap("metadata_");
    return body.node("metadata_").orElse(null);
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
    var metadata = metadata(body);
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

  private CompletableFuture<Answer> list(Call call, Kind kind) {
    var body = call.arguments();
    var query = FilterBody.joined(body, kind, "artifacts");
    var sort = Sorts.of(body, kind, "ID_DESC");
    var page = Page.of(body);
    body.end();
    return kind == Kind.ARTIFACT
        ? list(query, sort, page, Artifacts.LISTED, ArtifactJson::of)
        : list(query, sort, page, Artifacts.LATEST_LISTED, CollectionJson::of);
  }

  private CompletableFuture<Answer> list(
      Query query,
      String sort,
      Page page,
      Listed<Artifact> listed,
      Function<Artifact, Object> json) {
    return listings
        .list(query, sort, page.limit(), page.offset(), listed)
        .thenApply(found -> Answer.ok(found.stream().map(json).toList()));
  }

  private CompletableFuture<Answer> count(Call call, Kind kind) {
    var body = call.arguments();
    var query = FilterBody.joined(body, kind, "artifacts");
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}
