package io.sluice.prefect;

import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.http.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What one client wants to hear: it says so by a {@code filter} message, which replaces the one
 * before it. Anything else ends the connection, and so does a filter that cannot be read: to send
 * everything instead would be wrong.
 */
abstract class Subscription implements Socket {
  private static final Close NO_FILTER = Close.protocolError("Expected 'filter' message");
  private static final Close BAD_FILTER = Close.protocolError("Invalid filter");

  private Peer peer;
  private Runnable end = () -> {};
  private boolean over;

  /**
   * Reads what is wanted and returns what starts the listening, which in turn returns what ends it.
   * Listening starts only if nothing in the two bodies was wrong.
   *
   * @param message the whole message
   * @param filter its {@code filter}
   * @param peer whom to tell
   */
  abstract Supplier<Runnable> wanted(Body message, Body filter, Peer peer);

  @Override
  public final void opened(Peer peer) {
    this.peer = peer;
  }

  @Override
  public final CompletableFuture<Reply> heard(String text) {
    return CompletableFuture.completedFuture(listen(text));
  }

  private synchronized Reply listen(String text) {
    try {
      var message = Body.of(Json.read(text));
      if (over || !message.text("type").equals(Optional.of("filter"))) {
        return Reply.hangUp(NO_FILTER);
      }
      var filter = Body.of(message.map("filter"));
      var start = wanted(message, filter, peer);
      if (message.isWrong() || filter.isWrong()) {
        return Reply.hangUp(BAD_FILTER);
      }
      end.run();
      end = start.get();
      return Reply.NOTHING;
    } catch (RuntimeException unreadable) {
      return Reply.hangUp(BAD_FILTER);
    }
  }

  /** Messages that are still under way start nothing from now on: nobody would end it. */
  @Override
  public final synchronized void closed() {
    over = true;
    end.run();
  }
}
