package io.sluice.http;

import com.typesafe.config.Config;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a {@link Socket} to the streams of its connection. */
final class SocketFlow {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFlow.class);

  /** Messages of one client that are worked on at once. */
  private static final int AT_ONCE = 64;

  /** RFC 6455, section 7.4.1. */
  private static final int TOO_BIG = 1009;

  private final Socket socket;
  private final Connection connection;
  private final Materializer materializer;
  private final long messageMax;
  private final long withinMillis;
  private final int unreadMax;
  private final AtomicReference<Socket.Close> close = new AtomicReference<>();

  /**
   * @param config {@code sluice.http.websocket}
   */
  SocketFlow(Socket socket, Connection connection, Materializer materializer, Config config) {
    this.socket = socket;
    this.connection = connection;
    this.materializer = materializer;
    this.messageMax = config.getBytes("message-max");
    this.withinMillis = config.getDuration("message-within").toMillis();
    this.unreadMax = config.getInt("unread-max");
  }

  /** Why the server ended the connection; empty as long as it did not. */
  Optional<Socket.Close> close() {
    return Optional.ofNullable(close.get());
  }

  Flow<Message, Message, NotUsed> flow() {
    var later = Source.<String>queue(unreadMax).preMaterialize(materializer);
    var queue = later.first();
    socket.opened(new Later(queue));
    connection.whenGone(
        () -> {
          queue.complete();
          socket.closed();
        });
    return Flow.of(Message.class)
        .mapAsync(1, this::text)
        .mapAsync(AT_ONCE, this::heard)
        .takeWhile(reply -> reply.close().isEmpty(), true)
        .mapConcat(Socket.Reply::texts)
        .watchTermination(
            (unused, done) -> {
              done.whenCompleteAsync((end, failure) -> connection.end(), Runnable::run);
              return unused;
            })
        .merge(later.second(), true)
        .map(text -> (Message) TextMessage.create(text));
  }

  private CompletableFuture<Socket.Reply> heard(Optional<String> text) {
    if (text.isEmpty()) {
      return CompletableFuture.completedFuture(tooBig());
    }
    return socket
        .heard(text.get())
        .thenApply(
            reply -> {
              reply.close().ifPresent(why -> close.compareAndSet(null, why));
              return reply;
            });
  }

  private Socket.Reply tooBig() {
    var reason =
        "A message has more than %d bytes or took longer than %s s."
            .formatted(messageMax, withinMillis / 1e3);
    if (close.compareAndSet(null, new Socket.Close(TOO_BIG, reason))) {
      LOG.warn(
          "A websocket was closed: {} The bounds are sluice.http.websocket.message-max and"
              + " message-within.",
          reason);
    }
    return Socket.Reply.hangUp(close.get());
  }

  /** What the socket says without being asked. */
  private final class Later implements Socket.Peer {
    private final BoundedSourceQueue<String> queue;

    Later(BoundedSourceQueue<String> queue) {
      this.queue = queue;
    }

    @Override
    public void say(String text) {
      if (queue.offer(text) == QueueOfferResult.dropped()) {
        var reason = "%d texts wait to be read.".formatted(unreadMax);
        close.compareAndSet(null, Socket.Close.policyViolation(reason));
        queue.fail(new SlowReader(reason));
      }
    }

    @Override
    public void hangUp(Socket.Close why) {
      close.compareAndSet(null, why);
      queue.complete();
    }
  }

  private static final class SlowReader extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SlowReader(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * The whole text of a message, empty if it is too long or late: no more than the bound is ever
   * kept of it. Binary ones read as blank.
   */
  private CompletableFuture<Optional<String>> text(Message message) {
    if (!message.isText()) {
      message.asBinaryMessage().getStreamedData().runWith(Sink.ignore(), materializer);
      return CompletableFuture.completedFuture(Optional.of(""));
    }
    var text = message.asTextMessage();
    return text.isStrict()
        ? CompletableFuture.completedFuture(
            Optional.of(text.getStrictText()).filter(whole -> bytes(whole) <= messageMax))
        : text.getStreamedText()
            .limitWeighted(messageMax, SocketFlow::bytes)
            .completionTimeout(java.time.Duration.ofMillis(withinMillis))
            .runFold(new StringBuilder(), StringBuilder::append, materializer)
            .toCompletableFuture()
            .thenApply(whole -> Optional.of(whole.toString()))
            .exceptionally(tooBig -> Optional.empty());
  }

  private static Long bytes(String text) {
    return (long) text.getBytes(StandardCharsets.UTF_8).length;
  }
}
