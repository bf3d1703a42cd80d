package io.sluice.prefect;

import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.log.LogListeners;
import io.sluice.log.Logs;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Logs for one client as they come (Prefect 3.8.8, server/api/logs.py, {@code /logs/out}). {@code
 * prefect deployment run --watch} and {@code prefect flow-run watch} give up without it.
 */
final class LogsOut extends Subscription {
  private final LogListeners logs;

  LogsOut(LogListeners logs) {
    this.logs = logs;
  }

  @Override
  Supplier<Runnable> wanted(Body message, Body filter, Peer peer) {
    var wanted = LogJson.filter(filter);
    return () -> logs.listen(wanted, line -> peer.say(text(line)));
  }

  private static String text(Logs.Entry line) {
    return Json.text(Map.of("type", "log", "log", LogJson.of(line)));
  }
}
