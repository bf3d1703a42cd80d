package io.sluice.load;

import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.Op;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What an engine of Prefect 3.8.8 asks and notes around the state changes of a run, as recorded
 * from a worker's child process; nothing unless {@code full}.
 */
record EngineReads(ApiClient client, Stage stage, InstantSource clock, boolean full)
    implements Engine.Surroundings {

  @Override
  public CompletableFuture<Void> beforeRunning(String run) {
    if (!full) {
      return CompletableFuture.completedFuture(null);
    }
    var flowRun = "/flow_runs/" + run;
    return reads(run, List.of(flowRun, "/deployments/" + stage.deploymentId(), "/admin/version"))
        .thenCompose(next -> log(run))
        .thenCompose(next -> reads(run, List.of(flowRun, "/admin/version")))
        .thenCompose(
            next ->
                client.send(
                    new Ask(
                        Op.READ,
                        run,
                        "PATCH",
                        flowRun,
                        ApiClient.object().put("flow_version", "1"))))
        .thenCompose(next -> reads(run, List.of("/admin/version", flowRun)));
  }

  @Override
  public void besideTheFlow(String run) {
    if (full) {
      reads(
              run,
              List.of(
                  "/flow_runs/" + run,
                  "/work_pools/" + stage.pool(),
                  "/flows/" + stage.flowId(),
                  "/deployments/" + stage.deploymentId()))
          .thenCompose(next -> log(run));
    }
  }

  private CompletableFuture<Void> reads(String run, List<String> paths) {
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (var path : paths) {
      all = all.thenCompose(next -> client.send(Ask.get(Op.READ, run, path)).thenAccept(r -> {}));
    }
    return all;
  }

  private CompletableFuture<Reply> log(String run) {
    var lines = ApiClient.JSON.createArrayNode();
    lines
        .addObject()
        .put("name", "prefect.flow_runs")
        .put("level", 20)
        .put("message", "load")
        .put("timestamp", clock.instant().toString())
        .put("flow_run_id", run);
    return client.send(Ask.post(Op.READ, run, "/logs/", lines));
  }
}
