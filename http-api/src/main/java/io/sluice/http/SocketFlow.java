package io.sluice.http;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Joins a {@link Socket} to the streams of its connection. */
final class SocketFlow {
  /** Messages of one client that are worked on at once. */
  private static final int AT_ONCE = 64;

  /** Texts that wait for one client to read them. */
  private static final int UNREAD_MAX = 10_000;

  private static final long TEXT_WITHIN_MILLIS = 10_000;

  private SocketFlow() {}

  static Flow<Message, Message, NotUsed> of(
      Socket socket, Connection connection, Materializer materializer) {
    var later = Source.<String>queue(UNREAD_MAX).preMaterialize(materializer);
    var queue = later.first();
    socket.opened(text -> say(queue, text));
    connection.whenGone(
        () -> {
          queue.complete();
          socket.closed();
        });
    return Flow.of(Message.class)
        .mapAsync(1, message -> text(message, materializer))
        .mapAsync(AT_ONCE, socket::heard)
        .takeWhile(reply -> !reply.hangUp(), true)
        .mapConcat(Socket.Reply::texts)
        .watchTermination(
            (unused, done) -> {
              done.whenCompleteAsync((end, failure) -> connection.end(), Runnable::run);
              return unused;
            })
        .merge(later.second(), true)
        .map(text -> (Message) TextMessage.create(text));
  }

  private static void say(BoundedSourceQueue<String> queue, String text) {
    if (queue.offer(text) == QueueOfferResult.dropped()) {
      queue.fail(new SlowReader());
    }
  }

  private static final class SlowReader extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SlowReader() {
      super(UNREAD_MAX + " texts wait to be read", null, false, false);
    }
  }

  /** The whole text of a message; binary ones read as empty. */
  private static CompletableFuture<String> text(Message message, Materializer materializer) {
    if (!message.isText()) {
      message.asBinaryMessage().getStreamedData().runWith(Sink.ignore(), materializer);
      return CompletableFuture.completedFuture("");
    }
    var text = message.asTextMessage();
    return text.isStrict()
        ? CompletableFuture.completedFuture(text.getStrictText())
        : text.toStrict(TEXT_WITHIN_MILLIS, materializer)
            .thenApply(strict -> strict.text())
            .toCompletableFuture();
  }
}
