package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The logs of a flow run as a file")
@ExtendWith(SharedNode.class)
@Timeout(60)
class LogDownloadTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Asker api;

  LogDownloadTest(Asker api) {
    this.api = api;
  }

  private String run(String name) {
    var flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(UUID.randomUUID())).id();
    return api.post("/flow_runs/", "{'flow_id': '%s', 'name': '%s'}".formatted(flow, name)).id();
  }

  private HttpResponse<String> download(String run) throws IOException, InterruptedException {
    var uri = URI.create(api.base() + "/flow_runs/" + run + "/logs/download");
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String line(String run, String message, String time) {
    return "{'name': 'prefect', 'level': 20, 'message': '%s', 'timestamp': '%s', 'flow_run_id': '%s'}"
        .formatted(message, time, run);
  }

  @Test
  void is_written_as_prefect_writes_it() throws Exception {
    var run = run("my run/1");
    var task = UUID.randomUUID();
    api.post(
        "/logs/",
        "[%s, %s]"
            .formatted(
                line(run, "plain", "2026-11-21T12:00:00Z")
                    .replace("}", ", 'task_run_id': '" + task + "'}"),
                line(run, "a, \\\"b\\\"\\nc", "2026-11-21T12:00:00.5Z")));
    var answer = download(run);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv; charset=UTF-8");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValue(
            "attachment; filename=\"flow-run-logs.csv\"; filename*=UTF-8''my%20run%2F1-logs.csv");
    assertThat(answer.body())
        .isEqualTo(
            """
            timestamp,level,flow_run_id,task_run_id,message\r
            2026-11-21 12:00:00+00:00,20,%s,%s,plain\r
            2026-11-21 12:00:00.500000+00:00,20,%1$s,,"a, ""b""
            c"\r
            """
                .formatted(run, task));
  }

  @Test
  void has_all_lines_however_many_they_are() throws Exception {
    var run = run("long");
    var lines =
        IntStream.range(0, 2_500)
            .mapToObj(i -> line(run, "line " + i, "2026-11-21T12:00:00.%06dZ".formatted(i)))
            .collect(Collectors.joining(",", "[", "]"));
    api.post("/logs/", lines);
    var got = download(run).body().lines().skip(1).map(l -> l.substring(l.lastIndexOf(',') + 1));
    assertThat(got)
        .containsExactlyElementsOf(IntStream.range(0, 2_500).mapToObj(i -> "line " + i).toList());
  }

  @Test
  void is_empty_but_for_its_head_without_logs_and_missing_without_a_run() throws Exception {
    assertThat(download(run("quiet")).body())
        .isEqualTo("timestamp,level,flow_run_id,task_run_id,message\r\n");
    assertThat(download(UUID.randomUUID().toString()).statusCode()).isEqualTo(404);
  }
}
