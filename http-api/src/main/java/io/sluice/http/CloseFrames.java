package io.sluice.http;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.Logging;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.FrameStart;
import org.apache.pekko.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import org.apache.pekko.http.impl.engine.ws.WebSocket;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.settings.WebSocketSettings;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import scala.Option;

/**
 * Puts code and reason into the close frame of a websocket. Pekko HTTP 1.3's public API closes with
 * 1000, or 1011 after a failure, whatever the reason. Its own stack of stages is used as it is;
 * only the last frame that leaves it is replaced. Where Pekko hands out another kind of upgrade the
 * public API is used, and the code is 1000.
 */
final class CloseFrames {
  private static final int CLOSE = 0x8;

  private CloseFrames() {}

  /**
   * The answer that opens a websocket.
   *
   * @param why asked when the server closes: what to say instead of what Pekko says
   */
  static HttpResponse open(
      ActorSystem<?> system,
      WebSocketUpgrade upgrade,
      Flow<Message, Message, NotUsed> messages,
      Optional<String> protocol,
      Supplier<Optional<Socket.Close>> why) {
    if (upgrade instanceof UpgradeToWebSocketLowLevel frames) {
      var flow = frames(system, messages).map(frame -> replaced(frame, why));
      return frames.handleFrames(anyMaterialized(flow), Option.apply(protocol.orElse(null)));
    }
    return protocol
        .map(name -> upgrade.handleMessagesWith(messages, name))
        .orElseGet(() -> upgrade.handleMessagesWith(messages));
  }

  private static Flow<FrameEvent, FrameEvent, NotUsed> frames(
      ActorSystem<?> system, Flow<Message, Message, NotUsed> messages) {
    var classic = Adapter.toClassic(system);
    return WebSocket.stack(
            true,
            (WebSocketSettings) ServerSettings.create(classic).getWebsocketSettings(),
            WebSocket.stack$default$3(),
            Logging.getLogger(classic, CloseFrames.class))
        .join(inScala(messages))
        .asJava();
  }

  private static FrameEvent replaced(FrameEvent frame, Supplier<Optional<Socket.Close>> why) {
    if (frame instanceof FrameStart start && start.header().opcode().code() == CLOSE) {
      return why.get()
          .<FrameEvent>map(
              close -> FrameEvent.closeFrame(close.code(), close.reason(), Option.empty()))
          .orElse(frame);
    }
    return frame;
  }

  /** Every message of the Scala API is one of the Java API. */
  @SuppressWarnings("unchecked")
  private static Graph<
          FlowShape<
              org.apache.pekko.http.scaladsl.model.ws.Message,
              org.apache.pekko.http.scaladsl.model.ws.Message>,
          NotUsed>
      inScala(Flow<Message, Message, NotUsed> messages) {
    return (Graph<
            FlowShape<
                org.apache.pekko.http.scaladsl.model.ws.Message,
                org.apache.pekko.http.scaladsl.model.ws.Message>,
            NotUsed>)
        (Graph<?, ?>) messages.map(Message::asScala);
  }

  @SuppressWarnings("unchecked")
  private static Graph<FlowShape<FrameEvent, FrameEvent>, Object> anyMaterialized(
      Flow<FrameEvent, FrameEvent, NotUsed> flow) {
    return (Graph<FlowShape<FrameEvent, FrameEvent>, Object>) (Graph<?, ?>) flow;
  }
}
