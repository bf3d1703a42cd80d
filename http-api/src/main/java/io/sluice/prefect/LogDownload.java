package io.sluice.prefect;

import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.log.Logs;
import io.sluice.node.Owners;
import io.sluice.run.FlowRuns;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All logs of a flow run as a file (Prefect 3.8.8, server/api/flow_runs.py download_logs). */
final class LogDownload {
  private static final int LINES_AT_ONCE = 1000;
  private static final String HEAD = "timestamp,level,flow_run_id,task_run_id,message\r\n";

  private static final DateTimeFormatter TO_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TO_MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private final FlowRuns runs;
  private final Listings listings;

  LogDownload(Owners owners) {
    this.runs = owners.flowRuns();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router.get("/flow_runs/{id}/logs/download", this::download);
  }

  private CompletableFuture<Answer> download(Call call) {
    return runs.get(call.id("id"))
        .thenApply(
            run ->
                Answer.parts("text/csv; charset=UTF-8", new Lines(run.id())::next)
                    .with("Content-Disposition", disposition(run.spec().name())));
  }

  private static String disposition(String run) {
    return "attachment; filename=\"flow-run-logs.csv\"; filename*=UTF-8''"
        + percent(run + "-logs.csv");
  }

  /** RFC 3986, section 2.1. */
  private static String percent(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** Goes through the lines, one page after the other. */
  private final class Lines {
    private final Query query;
    private int offset = -1;

    Lines(UUID run) {
      this.query =
          new Query(
              Kind.LOG, Map.of(Kind.LOG, new Filter.Test("flow_run_id", Op.ANY, List.of(run))));
    }

    CompletableFuture<Optional<String>> next() {
      if (offset < 0) {
        offset = 0;
        return CompletableFuture.completedFuture(Optional.of(HEAD));
      }
      return listings
          .list(query, "TIMESTAMP_ASC", LINES_AT_ONCE, offset, Logs.LISTED)
          .thenApply(
              page -> {
                offset += LINES_AT_ONCE;
                return page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        page.stream().map(LogDownload::line).collect(Collectors.joining()));
              });
    }
  }

  private static String line(Logs.Entry entry) {
    return Stream.of(
                time(entry.timestamp()),
                entry.level(),
                entry.flowRunId(),
                Optional.<Object>ofNullable(entry.taskRunId()).orElse(""),
                quoted(entry.message()))
            .map(String::valueOf)
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  /** As Python writes it, without a fraction if there is none. */
  private static String time(Instant time) {
    return (time.getNano() == 0 ? TO_SECONDS : TO_MICROS).format(time) + "+00:00";
  }

  /** RFC 4180: quoted only if need be. */
  static String quoted(String text) {
    return text.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0)
        ? text
        : '"' + text.replace("\"", "\"\"") + '"';
  }
}
