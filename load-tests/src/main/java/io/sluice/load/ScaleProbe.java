package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;

/**
 * Asks one after the other for what a user sees and what a worker does, and measures each: the time
 * of a request on an otherwise idle server, which grows with the store if anything does.
 */
final class ScaleProbe {
  private static final int PAGE = 200;
  private static final int SHORT_PAGE = 50;
  private static final int DIGITS = 3;

  private final PlainClient client;
  private final ScaleStore store;

  ScaleProbe(PlainClient client, ScaleStore store) {
    this.client = client;
    this.store = store;
  }

  /** Times in nanoseconds, by what was asked. */
  Map<String, Histogram> measure(int listings, int changes) {
    var times = new LinkedHashMap<String, Histogram>();
    changes(times, changes);
    lists()
        .forEach(
            (name, ask) -> {
              for (int i = 0; i < listings; i++) {
                timed(times, name, i, ask);
              }
            });
    return times;
  }

  private static void timed(Map<String, Histogram> times, String name, int i, IntConsumer ask) {
    long began = System.nanoTime();
    ask.accept(i);
    times
        .computeIfAbsent(name, any -> new Histogram(TimeUnit.MINUTES.toNanos(2), DIGITS))
        .recordValue(System.nanoTime() - began);
  }

  /** The life of a run: created by its deployment, Pending, Running, Completed. */
  private void changes(Map<String, Histogram> times, int count) {
    for (int i = 0; i < count; i++) {
      var deployment = store.owner(i).deploymentId();
      var created = new String[1];
      timed(
          times,
          "create",
          i,
          n ->
              created[0] =
                  client
                      .post("/deployments/" + deployment + "/create_flow_run", ApiClient.object())
                      .path("id")
                      .asText());
      store.added();
      for (var state : new String[] {"PENDING", "RUNNING", "COMPLETED"}) {
        timed(times, "set_state", i, n -> client.post(stateOf(created[0]), proposal(state)));
      }
    }
  }

  private static String stateOf(String run) {
    return "/flow_runs/" + run + "/set_state";
  }

  private static ObjectNode proposal(String state) {
    var body = ApiClient.object();
    body.putObject("state").put("type", state);
    return body;
  }

  private Map<String, IntConsumer> lists() {
    var lists = new LinkedHashMap<String, IntConsumer>();
    lists.put("list newest", n -> filter(page()));
    lists.put("list by state", n -> filter(byState("FAILED", "START_TIME_DESC")));
    lists.put(
        "list by common state", n -> filter(byState("COMPLETED", "EXPECTED_START_TIME_DESC")));
    lists.put("list scheduled", n -> filter(byState("SCHEDULED", "NEXT_SCHEDULED_START_TIME_ASC")));
    lists.put("list by tag", n -> filter(byTag(n)));
    lists.put("list by name", n -> filter(byName(n)));
    lists.put("list by deployment", n -> filter(byDeployment(n)));
    lists.put("list by deployment name", n -> filter(byDeploymentName(n)));
    lists.put("list by pool", n -> filter(byPool()));
    lists.put("list by time", n -> filter(byTime()));
    lists.put("list half-way", n -> filter(page().put("offset", store.stored() / 2)));
    lists.put("count by state", n -> client.post("/flow_runs/count", byState("FAILED", null)));
    lists.put("page by state", n -> client.post("/flow_runs/paginate", pageByState(n)));
    lists.put("page by states", n -> client.post("/flow_runs/paginate", pageByStates(n)));
    lists.put("page half-way", n -> client.post("/flow_runs/paginate", pageByState(halfWay(n))));
    lists.put("history of a day", n -> client.post("/flow_runs/history", day()));
    return lists;
  }

  private void filter(ObjectNode body) {
    client.post("/flow_runs/filter", body);
  }

  private static ObjectNode page() {
    return ApiClient.object().put("limit", PAGE);
  }

  private static ObjectNode byState(String type, String sort) {
    var body = sort == null ? ApiClient.object() : page().put("sort", sort);
    body.withObject("/flow_runs/state/type").putArray("any_").add(type);
    return body;
  }

  private static ObjectNode pageByState(int n) {
    var body = byState("COMPLETED", "START_TIME_DESC").put("page", n + 1);
    return body.put("limit", SHORT_PAGE);
  }

  /** Nine of ten runs are in one of these. */
  private static ObjectNode pageByStates(int n) {
    var body = pageByState(n);
    body.withObject("/flow_runs/state/type").withArray("any_").add("FAILED");
    return body;
  }

  private int halfWay(int n) {
    return store.stored() / 2 / SHORT_PAGE + n;
  }

  private static ObjectNode byTag(int n) {
    var body = page().put("sort", "EXPECTED_START_TIME_DESC");
    body.withObject("/flow_runs/tags").putArray("all_").add("tag-" + n % ScaleStore.TAGS);
    return body;
  }

  private ObjectNode byName(int n) {
    var body = page().put("sort", "NAME_ASC");
    body.withObject("/flow_runs/name").put("like_", "run-%d7".formatted(n));
    return body;
  }

  private ObjectNode byDeployment(int n) {
    var body = page().put("sort", "START_TIME_DESC");
    body.withObject("/flow_runs/deployment_id").putArray("any_").add(store.owner(n).deploymentId());
    return body;
  }

  private ObjectNode byDeploymentName(int n) {
    var body = page().put("sort", "EXPECTED_START_TIME_DESC");
    body.withObject("/deployments/name")
        .putArray("any_")
        .add(store.name() + "-" + n % ScaleStore.DEPLOYMENTS);
    return body;
  }

  private ObjectNode byPool() {
    var body = byState("SCHEDULED", "EXPECTED_START_TIME_ASC");
    body.withObject("/work_pools/name").putArray("any_").add(store.name());
    return body;
  }

  private static ObjectNode byTime() {
    var body = page().put("sort", "EXPECTED_START_TIME_DESC");
    body.withObject("/flow_runs/expected_start_time")
        .put("after_", Instant.now().minus(Duration.ofMinutes(1)).toString())
        .put("before_", Instant.now().toString());
    return body;
  }

  private static ObjectNode day() {
    return ApiClient.object()
        .put("history_start", Instant.now().minus(Duration.ofDays(1)).toString())
        .put("history_end", Instant.now().toString())
        .put("history_interval_seconds", Duration.ofHours(1).toSeconds());
  }
}
