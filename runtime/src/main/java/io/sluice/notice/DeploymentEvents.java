package io.sluice.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.deployment.ConcurrencyOptions;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentWatch;
import io.sluice.event.Events;
import io.sluice.run.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Says what happens to deployments (Prefect 3.8.8, models/deployments.py): that one was created,
 * changed or deleted, and whether somebody asks for its runs. Prefect looks for those who ceased to
 * every 15 s; here it is said when it is so.
 */
public final class DeploymentEvents implements DeploymentWatch {
  private final Tell deployments;
  private final Others others;

  public DeploymentEvents(Events events, Others others) {
    this.deployments = new Tell(events, "deployment");
    this.others = others;
  }

  @Override
  public void changed(Deployment before, Deployment after) {
    if (before == null || after == null) {
      tell(before == null ? after : before, Tell.happened(before, after), null);
      return;
    }
    var updates = updates(before, after);
    if (!updates.isEmpty()) {
      tell(after, Tell.UPDATED, updates.payload());
    }
    if (before.saidReady() != after.saidReady()) {
      tell(after, after.saidReady() ? "ready" : "not-ready", null);
    }
  }

  private void tell(Deployment deployment, String happened, ObjectNode payload) {
    var spec = deployment.spec();
    var flow = others.flow(spec.flowId());
    var place = others.at(spec.place());
    CompletableFuture.allOf(flow, place)
        .thenRun(
            () -> {
              var related = new ArrayList<Map<String, String>>();
              flow.join().ifPresent(found -> related.addAll(found.resources()));
              place.join().ifPresent(found -> related.addAll(found.resources()));
              parts(deployment, related);
              deployments.that(
                  happened, deployments.resource(deployment.id(), spec.name()), related, payload);
            });
  }

  private static void parts(Deployment deployment, List<Map<String, String>> related) {
    block(deployment.spec().storageDocumentId(), "storage", related);
    block(deployment.spec().infrastructureDocumentId(), "infrastructure", related);
    if (deployment.limitId() != null) {
      var limit = "prefect.concurrency-limit." + deployment.limitId();
      related.add(Other.related(limit, "concurrency-limit"));
    }
  }

  private static void block(UUID id, String role, List<Map<String, String>> related) {
    if (id != null) {
      related.add(Other.related("prefect.block-document." + id, role));
    }
  }

  private static Tell.Updates updates(Deployment before, Deployment after) {
    var was = before.spec();
    var is = after.spec();
    return new Tell.Updates()
        .field("description", was.description(), is.description())
        .field("tags", was.tags(), is.tags())
        .field("parameters", was.parameters(), is.parameters())
        .field("parameter_openapi_schema", was.parameterSchema(), is.parameterSchema())
        .field(
            "enforce_parameter_schema", was.enforceParameterSchema(), is.enforceParameterSchema())
        .field("entrypoint", was.entrypoint(), is.entrypoint())
        .field("path", was.path(), is.path())
        .field("pull_steps", was.pullSteps(), is.pullSteps())
        .field("work_queue_id", queue(was.place()), queue(is.place()))
        .field("infra_overrides", was.jobVariables(), is.jobVariables())
        .field("paused", was.paused(), is.paused())
        .field("labels", was.labels(), is.labels())
        .field("version", was.versionLabel(), is.versionLabel())
        .field("concurrency_limit_id", before.limitId(), after.limitId())
        .field(
            "concurrency_options",
            options(was.concurrencyOptions()),
            options(is.concurrencyOptions()));
  }

  private static UUID queue(Place place) {
    return place == null ? null : place.queueId();
  }

  private static ObjectNode options(ConcurrencyOptions options) {
    return options == null
        ? null
        : JsonNodeFactory.instance
            .objectNode()
            .put("collision_strategy", options.strategy().name())
            .put("grace_period_seconds", options.gracePeriodSeconds());
  }
}
