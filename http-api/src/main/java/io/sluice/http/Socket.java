package io.sluice.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One websocket as its server sees it: text in, text out. Made anew for every connection.
 *
 * <p>{@link #heard} is called for one message after the other; the answers to several may be under
 * way at once, and are sent in order.
 */
public interface Socket {

  /**
   * Why the server ends a connection.
   *
   * @param code of RFC 6455, section 7.4.1
   * @param reason in at most 123 bytes
   */
  record Close(int code, String reason) {
    public static final Close NORMAL = new Close(1000, "");

    /** The other side does not speak the protocol. */
    public static Close protocolError(String reason) {
      return new Close(1002, reason);
    }

    /** What was asked is not allowed. */
    public static Close policyViolation(String reason) {
      return new Close(1008, reason);
    }

    /** The server fails; another attempt may succeed. */
    public static Close serverError(String reason) {
      return new Close(1011, reason);
    }
  }

  /** What to do after a message: say something, and perhaps hang up. */
  record Reply(List<String> texts, Optional<Close> close) {
    public static final Reply NOTHING = new Reply(List.of(), Optional.empty());

    public static Reply of(String text) {
      return new Reply(List.of(text), Optional.empty());
    }

    public static Reply hangUp(Close why) {
      return new Reply(List.of(), Optional.of(why));
    }
  }

  /** The other side. Neither method blocks; both do nothing after the end. */
  interface Peer {
    /** Sends a text. If too many wait to be read the connection ends. */
    void say(String text);

    /** Ends the connection after all that was said. */
    void hangUp(Close why);
  }

  CompletableFuture<Reply> heard(String text);

  /** Called once, at the start; {@code peer} can be used at any time later. */
  default void opened(Peer peer) {}

  /** Whether the client has said what it must say first; if it does not in time, it is cut. */
  default boolean isAdmitted() {
    return true;
  }

  /** The connection is over. */
  default void closed() {}
}
