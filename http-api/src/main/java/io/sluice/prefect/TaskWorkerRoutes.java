package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Handler;
import io.sluice.http.Router;
import java.util.List;

/** Task workers (Prefect 3.8.8, server/api/task_workers.py). */
final class TaskWorkerRoutes {
  private TaskWorkerRoutes() {}

  private static Answer list(Call call) {
    var body = call.arguments();
    body.object("task_worker_filter").ifPresent(filter -> filter.texts("task_keys"));
    body.end();
    return Answer.ok(List.of());
  }

  static void addTo(Router router) {
    // Task workers subscribe over a websocket that is not there, so there are none.
    router.post("/task_workers/filter", Handler.now(TaskWorkerRoutes::list));
  }
}
