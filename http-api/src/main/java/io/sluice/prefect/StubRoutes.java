package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Handler;
import io.sluice.http.Router;
import java.util.List;

/** What Sluice does not have, but clients ask for on their way: automations, task workers. */
final class StubRoutes {
  private StubRoutes() {}

  private static Answer noTaskWorkers(Call call) {
    var body = call.body();
    body.object("task_worker_filter").ifPresent(filter -> filter.texts("task_keys"));
    body.end();
    return Answer.ok(List.of());
  }

  static void addTo(Router router) {
    var none = Handler.now(call -> Answer.ok(List.of()));
    router
        .delete(
            "/automations/owned-by/{resource}",
            Handler.now(call -> new Answer(202, Answer.EMPTY, java.util.Map.of())))
        .get("/automations/related-to/{resource}", none)
        .post("/automations/filter", none)
        // Task workers subscribe over a websocket that is not there, so there are none.
        .post("/task_workers/filter", Handler.now(StubRoutes::noTaskWorkers));
  }
}
