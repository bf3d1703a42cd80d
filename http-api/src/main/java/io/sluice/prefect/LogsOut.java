package io.sluice.prefect;

import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.http.Socket;
import io.sluice.log.LogListeners;
import io.sluice.log.Logs;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Logs for one client as they come (Prefect 3.8.8, server/api/logs.py, {@code /logs/out}): first
 * {@code auth}, then {@code filter}; anything else ends the connection. {@code prefect deployment
 * run --watch} and {@code prefect flow-run watch} give up without it.
 */
final class LogsOut implements Socket {
  private final LogListeners logs;
  private Consumer<String> say;
  private boolean admitted;
  private boolean over;
  private Runnable end = () -> {};

  LogsOut(LogListeners logs) {
    this.logs = logs;
  }

  @Override
  public void opened(Consumer<String> say) {
    this.say = say;
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    return CompletableFuture.completedFuture(admitted ? listen(text) : admit(text));
  }

  private Reply admit(String text) {
    admitted = SocketAuth.isAuth(text);
    return admitted ? SocketAuth.WELCOME : Reply.HANG_UP;
  }

  private synchronized Reply listen(String text) {
    try {
      var body = Body.of(Json.read(text));
      if (!body.text("type").equals(Optional.of("filter")) || over) {
        return Reply.HANG_UP;
      }
      var filter = Body.of(body.map("filter"));
      var wanted = LogJson.filter(filter);
      if (body.isWrong() || filter.isWrong()) {
        return Reply.HANG_UP;
      }
      end.run();
      end = logs.listen(wanted, this::tell);
      return Reply.NOTHING;
    } catch (RuntimeException unreadable) {
      return Reply.HANG_UP;
    }
  }

  private void tell(Logs.Entry line) {
    say.accept(Json.text(Map.of("type", "log", "log", LogJson.of(line))));
  }

  @Override
  public synchronized void closed() {
    over = true;
    end.run();
  }
}
