package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import io.sluice.http.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a worker introduces itself over its channel (Prefect 3.8.8, client/schemas/worker_channel.py
 * WorkerHelloPayload).
 *
 * @param consumer this start of the worker
 * @param queues names of the queues it serves; empty for all
 * @param createPool whether a pool that does not exist is to be made
 * @param template the base job template of a pool that has none
 */
record ChannelHello(
    UUID consumer,
    String worker,
    String workerType,
    int heartbeatSeconds,
    List<String> versions,
    List<String> capabilities,
    List<String> queues,
    boolean createPool,
    JsonNode template) {

  private static final String CLEANUP = "cleanup_delivery.v1";
  private static final Set<String> CLEANUPS =
      Set.of("cancelling_timeout_teardown.v1", "pending_claim_teardown.v1");

  /** A frame of the worker that says that it is there. */
  record Heartbeat(UUID consumer, String worker, int intervalSeconds) {}

  /** Empty if the text is anything else or breaks a rule of the frame. */
  static Optional<ChannelHello> read(String text) {
    return payload(text, "worker.hello.v1")
        .flatMap(payload -> complete(payload, hello(payload)))
        .filter(hello -> hello.capabilities().containsAll(ChannelFrames.CAPABILITIES));
  }

  /** Empty if the text is anything else or breaks a rule of the frame. */
  static Optional<Heartbeat> readHeartbeat(String text) {
    return payload(text, "worker.heartbeat.v1")
        .flatMap(
            payload ->
                complete(
                    payload,
                    new Heartbeat(
                        payload.requiredId("consumer_id"),
                        name(payload, "worker_name"),
                        seconds(payload))));
  }

  private static Optional<Body> payload(String text, String type) {
    try {
      var frame = Body.of(Json.read(text));
      var payload = frame.object("payload");
      frame.requiredId("id");
      frame.required("sent_at", frame.time("sent_at"), null);
      boolean right = frame.text("type").equals(Optional.of(type));
      frame.end();
      return payload.filter(present -> right).map(Body::whole).map(Body::of);
    } catch (RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  private static <T> Optional<T> complete(Body payload, T read) {
    payload.endNested();
    return payload.isWrong() ? Optional.empty() : Optional.of(read);
  }

  private static ChannelHello hello(Body payload) {
    var hello =
        new ChannelHello(
            payload.requiredId("consumer_id"),
            name(payload, "worker_name"),
            name(payload, "worker_type"),
            seconds(payload),
            names(payload, "supported_channel_versions"),
            names(payload, "requested_capabilities").stream().distinct().toList(),
            names(payload, "work_queue_names").stream().distinct().toList(),
            payload.bool("create_pool_if_not_found").orElse(false),
            payload.map("default_base_job_template"));
    readCleanup(payload, hello.capabilities().contains(CLEANUP));
    payload.map("worker_metadata");
    return hello;
  }

  /** Nothing is handed out to be cleaned up; the rules of the frame hold all the same. */
  private static void readCleanup(Body payload, boolean requested) {
    var kinds = names(payload, "handled_cleanup_kinds");
    int atOnce = payload.integer("max_cleanup_concurrency", 0, Integer.MAX_VALUE).orElse(0);
    if (!CLEANUPS.containsAll(kinds) || !requested && (!kinds.isEmpty() || atOnce > 0)) {
      payload.wrong("handled_cleanup_kinds", "value_error", "Needs " + CLEANUP);
    }
  }

  private static int seconds(Body payload) {
    var name = "heartbeat_interval_seconds";
    return payload.required(name, payload.integer(name, 1, Integer.MAX_VALUE), 1);
  }

  private static String name(Body payload, String field) {
    var name = payload.requiredText(field);
    if (name.isEmpty()) {
      payload.wrong(field, Fault.emptyText());
    }
    return name;
  }

  private static List<String> names(Body payload, String field) {
    var names = payload.texts(field).orElse(List.of());
    if (names.contains("")) {
      payload.wrong(field, Fault.emptyText());
    }
    return names;
  }
}
