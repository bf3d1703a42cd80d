package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.deployment.ConcurrencyOptions;
import io.sluice.deployment.DeploymentSpec;
import io.sluice.deployment.LimitWish;
import io.sluice.deployment.ParameterSchema;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a request says of a deployment (Prefect 3.8.8, schemas/actions.py DeploymentCreate,
 * DeploymentUpdate). Fields that are absent are not touched.
 *
 * @param poolGiven whether a pool, or null for none, is named
 * @param blocks that it refers to
 */
record DeploymentBody(
    Consumer<DeploymentSpec.Builder> change,
    Optional<List<ScheduleJson.Draft>> schedules,
    LimitWish limit,
    boolean poolGiven,
    String pool,
    String queue,
    List<UUID> blocks) {

  /** What is true of a new deployment before anything is said of it. */
  static DeploymentSpec.Builder blank() {
    var blank = new DeploymentSpec.Builder();
    blank.enforceParameterSchema = true;
    blank.parameterSchema = JsonNodeFactory.instance.objectNode();
    blank.parameters = JsonNodeFactory.instance.objectNode();
    blank.jobVariables = JsonNodeFactory.instance.objectNode();
    blank.pullSteps = JsonNodeFactory.instance.arrayNode();
    return blank;
  }

  /** What a change says; its schedules may be parts of those that are there. */
  static DeploymentBody read(Body body, Instant now) {
    body.notNull("paused", "schedules", "enforce_parameter_schema", "parameters", "tags");
    return read(body, schedule -> ScheduleJson.read(schedule, now));
  }

  /** What a new deployment says. */
  static DeploymentBody readNew(Body body, Instant now) {
    body.notNull("paused", "schedules", "enforce_parameter_schema", "parameters", "tags");
    body.notNull("job_variables");
    checkParameters(body);
    return read(body, schedule -> ScheduleJson.readNew(schedule, now));
  }

  /** Only who says that they are to fit is told that they do not (schemas/actions.py). */
  private static void checkParameters(Body body) {
    var schema = body.node("parameter_openapi_schema").filter(JsonNode::isObject);
    if (schema.isEmpty() || !body.bool("enforce_parameter_schema").orElse(false)) {
      return;
    }
    var flaws = ParameterSchema.flaws(schema.get());
    if (!flaws.isEmpty()) {
      body.wrongAsWhole(
          Fault.of(
              "value_error",
              "The provided schema is not a valid json schema. Schema error: "
                  + String.join(" ", flaws)));
      return;
    }
    var problems = ParameterSchema.problems(schema.get(), body.map("parameters"), true);
    if (!problems.isEmpty()) {
      body.wrongAsWhole(Fault.of("value_error", String.join(" ", problems)));
    }
  }

  private static DeploymentBody read(Body body, Function<Body, ScheduleJson.Draft> read) {
    var schedules =
        body.objects("schedules")
            .map(list -> list.stream().map(each -> schedule(each, read)).toList());
    body.object("version_info").ifPresent(DeploymentBody::checkVersion);
    return new DeploymentBody(
        change(body),
        schedules,
        limit(body),
        body.has("work_pool_name"),
        body.text("work_pool_name", Names.LENGTH_MAX).orElse(null),
        body.text("work_queue_name", Names.LENGTH_MAX).orElse(null),
        Stream.of(body.id("storage_document_id"), body.id("infrastructure_document_id"))
            .flatMap(Optional::stream)
            .toList());
  }

  private static ScheduleJson.Draft schedule(Body body, Function<Body, ScheduleJson.Draft> read) {
    var draft = read.apply(body);
    body.endNested();
    return draft;
  }

  /** VersionInfo, which may have other fields. */
  private static void checkVersion(Body version) {
    version.requiredText("type");
    version.requiredText("version");
  }

  private static Optional<JsonNode> pullSteps(Body body) {
    body.objects("pull_steps");
    return Optional.ofNullable(body.list("pull_steps"));
  }

  private static Consumer<DeploymentSpec.Builder> change(Body body) {
    return new Changes(body)
        .nullable("version", body.text("version"), (s, v) -> s.versionLabel = v)
        .nullable("description", body.text("description"), (s, v) -> s.description = v)
        .kept(body.bool("paused"), (s, v) -> s.paused = v)
        .nullable(
            "concurrency_options",
            body.object("concurrency_options").map(DeploymentBody::options),
            (s, v) -> s.concurrencyOptions = v)
        .kept(body.bool("enforce_parameter_schema"), (s, v) -> s.enforceParameterSchema = v)
        .nullable(
            "parameter_openapi_schema",
            object(body, "parameter_openapi_schema"),
            (s, v) -> s.parameterSchema = v)
        .kept(
            body.node("parameters").map(given -> Names.parameters(body)),
            (s, v) -> s.parameters = v)
        .kept(Names.tags(body), (s, v) -> s.tags = v)
        .kept(object(body, "job_variables"), (s, v) -> s.jobVariables = v)
        .nullable("pull_steps", pullSteps(body), (s, v) -> s.pullSteps = v)
        .nullable("path", body.text("path"), (s, v) -> s.path = v)
        .nullable("entrypoint", body.text("entrypoint"), (s, v) -> s.entrypoint = v)
        .nullable(
            "storage_document_id",
            body.id("storage_document_id"),
            (s, v) -> s.storageDocumentId = v)
        .nullable(
            "infrastructure_document_id",
            body.id("infrastructure_document_id"),
            (s, v) -> s.infrastructureDocumentId = v)
        .all;
  }

  private static Optional<JsonNode> object(Body body, String name) {
    return body.node(name).map(node -> body.map(name));
  }

  /** Collects what is to be set. */
  private static final class Changes {
    private final Body body;
    private Consumer<DeploymentSpec.Builder> all = spec -> {};

    Changes(Body body) {
      this.body = body;
    }

    /** A field that null clears. */
    <T> Changes nullable(
        String name, Optional<T> value, BiConsumer<DeploymentSpec.Builder, T> set) {
      if (body.has(name)) {
        all = all.andThen(spec -> set.accept(spec, value.orElse(null)));
      }
      return this;
    }

    /** A field that null does not touch. */
    <T> Changes kept(Optional<T> value, BiConsumer<DeploymentSpec.Builder, T> set) {
      value.ifPresent(v -> all = all.andThen(spec -> set.accept(spec, v)));
      return this;
    }
  }

  private static ConcurrencyOptions options(Body body) {
    var strategy =
        body.required(
            "collision_strategy",
            body.constant("collision_strategy", ConcurrencyOptions.Strategy.class),
            ConcurrencyOptions.Strategy.ENQUEUE);
    var grace = body.integer("grace_period_seconds", 60, 86_400).orElse(null);
    return new ConcurrencyOptions(strategy, grace);
  }

  private static LimitWish limit(Body body) {
    var slots = body.positiveInteger("concurrency_limit");
    var shared = body.id("global_concurrency_limit_id");
    if (slots.isPresent() && shared.isPresent()) {
      body.wrong(
          "concurrency_limit",
          "value_error",
          "A deployment cannot have both a concurrency limit and a global concurrency limit.");
    }
    if (shared.isPresent()) {
      return new LimitWish.Shared(shared.get());
    } else if (slots.isPresent()) {
      return new LimitWish.Own(slots.get());
    }
    boolean cleared = body.has("concurrency_limit") || body.has("global_concurrency_limit_id");
    return cleared ? new LimitWish.None() : new LimitWish.Keep();
  }
}
