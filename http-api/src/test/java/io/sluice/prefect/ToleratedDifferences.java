package io.sluice.prefect;

import io.sluice.prefect.Recording.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** All differences between Prefect 3.8.8 and Sluice that are meant to be, each with its reason. */
final class ToleratedDifferences {

  /**
   * @param scenarios the names of scenarios, as a regex
   * @param request method and path, as a regex; {@code #} stands for an id
   * @param difference as a regex
   */
  record Tolerated(Pattern scenarios, Pattern request, Pattern difference, String reason) {}

  private static final String ANY = ".*";

  private final List<Tolerated> table = new ArrayList<>();
  private final Set<Tolerated> used = new LinkedHashSet<>();

  ToleratedDifferences() {
    words();
    pollsAndStatuses();
    otherwiseByDesign();
    ofTheRecording();
  }

  private void words() {
    tolerate(
        ANY,
        "(GET|POST|DELETE) /api/concurrency_limits/tag/nope.*",
        "detail: 'Concurrency Limit not found' instead of 'Concurrency limit not found'",
        "Clients read the status only; Sluice says it in the same words for all limits.");
    tolerate(
        ANY,
        "GET /api/work_pools/my-pool/queues/.*",
        "detail: 'Work queue '.*' not found.' instead of 'Work pool queue '.*' not found.'",
        "Clients read the status only.");
    tolerate(
        ANY,
        "POST /api/work_pools/my-pool/queues",
        "detail: .* instead of .*\\{work_pool_name!r}.'",
        "Prefect forgot to fill in its own sentence.");
  }

  private void pollsAndStatuses() {
    tolerate(
        ANY,
        "(GET|POST) /api/(deployments|work_pools|work_queues|flow_runs)/.*",
        "(\\[]\\.)?updated: a time \\d+ s off",
        "Polls and heartbeats of workers write the row and its time anew in Prefect; in Sluice"
            + " 'updated' is when somebody changed a setting.");
    tolerate(
        ANY,
        "GET /api/deployments/.*",
        "last_polled: a time \\d+ s off",
        "Both note a poll behind its answer, Prefect so late that it shows the one before.");
  }

  private void otherwiseByDesign() {
    tolerate(
        "worker_start",
        "POST /api/work_pools/my-pool/queues/filter",
        "\\[]\\.status: 'NOT_READY' instead of 'READY'",
        "A queue is ready for 60 s after a poll; Prefect looks only every 15 s.");
    tolerate(
        ANY,
        "POST /api/(work_queues|deployments)/filter",
        "\\[]: in another order",
        "Queues of several pools, and deployments of several flows, have the same name; Prefect"
            + " leaves their order open.");
    tolerate(
        ANY,
        "POST /api/work_pools/my-pool/get_scheduled_flow_runs",
        "\\[]\\.flow_run\\.work_queue_name: \"default\" instead of null",
        "Sluice always knows the queue of a run; Prefect only if it was asked for by name.");
    tolerate(
        "sdk_.*",
        ANY,
        "(\\[]\\.)?(flow_run\\.)?job_variables: \\{} instead of null",
        "Prefect loses the empty default of a run that was created with an idempotency key.");
    tolerate(
        ANY,
        "POST /api/block_types/filter",
        "answer: \\d+ items instead of 54",
        "Sluice installs the types that clients count on; they register the others themselves.");
    tolerate(
        "worker_lim1_enqueue",
        "(GET|POST) /api/.*",
        "status 20[01] instead of 20[01], .*|answer: 1 items instead of 0"
            + "|.*(scheduled_time|scheduled_start_time|start_time): a time \\d+ s off"
            + "|.*state_name: 'Scheduled' instead of 'AwaitingConcurrencySlot'"
            + "|run_count: 2 instead of 1",
        "Prefect sends a run that finds its deployment's limit full away for 30 s, and it starts"
            + " then or later; in Sluice it waits in line and starts when the slot is free.");
    tolerate(
        "worker_pool_limit",
        "POST /api/work_pools/my-pool/get_scheduled_flow_runs",
        "answer: (2 items instead of 1|1 items instead of 0)",
        "The next runs in line wait with their worker, so that one is there when a slot comes free"
            + " (sluice.run.look-ahead).");
  }

  private void ofTheRecording() {
    tolerate(
        ANY,
        "(POST|PATCH) /api/.*",
        "status \\d+ instead of 503.*",
        "Prefect's SQLite was busy, as its client is used to: it asked again.");
    tolerate(
        "sdk_run_deployment",
        "GET /api/flow_runs/#",
        "labels\\.prefect\\.(worker|work-pool)\\.\\w+: not in the recording",
        "One of the requests answered 503: its labels were lost, in Sluice they are set.");
    tolerate(
        "worker_start",
        "POST /api/work_pools/my-pool/get_scheduled_flow_runs",
        "\\[]\\.flow_run\\.(state_name: 'Scheduled' instead of 'Late'|updated: a time \\d+ s off)",
        "Runs become late by a timer, which the clock of the replay does not move.");
    tolerate(
        "sdk_misc",
        "POST /api/v2/concurrency_limits/filter",
        "answer: 8 items instead of 10",
        "Two limits were deleted and four created without being recorded.");
  }

  private void tolerate(String scenarios, String request, String difference, String reason) {
    table.add(
        new Tolerated(
            Pattern.compile(scenarios),
            Pattern.compile(request.replace("#", "[0-9a-f-]{36}")),
            Pattern.compile(difference.replace("#", "[0-9a-f-]{36}")),
            reason));
  }

  /** Those of {@code differences} that are not in the table. */
  List<String> without(Exchange exchange, List<String> differences) {
    return differences.stream().filter(difference -> !isTolerated(exchange, difference)).toList();
  }

  private boolean isTolerated(Exchange exchange, String difference) {
    var request = exchange.method() + " " + exchange.path();
    for (var each : table) {
      if (each.scenarios().matcher(exchange.scenario()).matches()
          && each.request().matcher(request).matches()
          && each.difference().matcher(difference).matches()) {
        used.add(each);
        return true;
      }
    }
    return false;
  }

  /** The entries that no difference needed. */
  List<Tolerated> unused() {
    return table.stream().filter(each -> !used.contains(each)).toList();
  }
}
