package io.sluice.http;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One websocket as its server sees it: text in, text out. Made anew for every connection.
 *
 * <p>{@link #heard} is called for one message after the other; the answers to several may be under
 * way at once, and are sent in order.
 */
public interface Socket {

  /** What to do after a message: say something, and perhaps hang up. */
  record Reply(List<String> texts, boolean hangUp) {
    public static final Reply NOTHING = new Reply(List.of(), false);
    public static final Reply HANG_UP = new Reply(List.of(), true);

    public static Reply of(String text) {
      return new Reply(List.of(text), false);
    }
  }

  CompletableFuture<Reply> heard(String text);

  /**
   * Called once, at the start: {@code say} sends a text at any time later. It does not block; if
   * the client is too slow to read the texts that wait for it the connection ends.
   */
  default void opened(Consumer<String> say) {}

  /** Whether the client has said what it must say first; if it does not in time, it is cut. */
  default boolean isAdmitted() {
    return true;
  }

  /** The connection is over. */
  default void closed() {}
}
