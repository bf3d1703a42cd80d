package io.sluice.cluster;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes what happened on this one: at most once, in batches, and rather dropped
 * than waited for. Nothing may depend on it but those who listen to what happens.
 *
 * @param <T> what is told
 * @param <M> how it crosses
 */
public final class Newscast<T, M extends Newscast.News<T>> {
  private static final Logger LOG = LoggerFactory.getLogger(Newscast.class);

  /** What crosses: some news and the node they are of. */
  public interface News<T> extends Wire {
    long from();

    List<T> items();
  }

  /**
   * How much may wait and cross; see {@code sluice.news} in {@code reference.conf}.
   *
   * @param batchWeight bytes, roughly
   */
  public record Bounds(int queueMax, int batchMax, int batchWeight, Duration linger) {
    public static Bounds from(Config news) {
      return new Bounds(
          news.getInt("queue-max"),
          news.getInt("batch-max"),
          Math.toIntExact(news.getBytes("batch-bytes")),
          news.getDuration("linger"));
    }
  }

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Bounds bounds;
  private final ToIntFunction<T> weight;
  private final BiFunction<Long, List<T>, M> pack;
  private final String name;
  private final ActorRef<Topic.Command<M>> topic;
  private final ActorRef<M> ear;
  private final long self;
  private final Deque<T> waiting = new ArrayDeque<>();
  private boolean sending;
  private long dropped;

  /**
   * @param name the same on all nodes
   * @param weight roughly how many bytes one takes
   * @param hear told what happened on other nodes; may not block
   */
  public Newscast(
      ActorSystem<?> system,
      String name,
      Class<M> messages,
      BiFunction<Long, List<T>, M> pack,
      ToIntFunction<T> weight,
      Consumer<List<T>> hear,
      Bounds bounds) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.name = name;
    this.bounds = bounds;
    this.weight = weight;
    this.pack = pack;
    this.self = cluster.selfMember().uniqueAddress().longUid();
    this.topic =
        system.systemActorOf(
            Topic.create(messages, "sluice-" + name), "sluice-topic-" + name, Props.empty());
    this.ear =
        system.systemActorOf(
            Behaviors.receiveMessage(
                news -> {
                  if (news.from() != self) {
                    hear.accept(news.items());
                  }
                  return Behaviors.same();
                }),
            "sluice-ear-" + name,
            Props.empty());
  }

  /** Whether news of other nodes are wanted; they are not at first. */
  public void listen(boolean wanted) {
    topic.tell(wanted ? Topic.subscribe(ear) : Topic.unsubscribe(ear));
  }

  /** Tells the other nodes, soon; returns at once. */
  public void tell(T item) {
    if (cluster.state().members().size() <= 1) {
      return;
    }
    synchronized (this) {
      if (waiting.size() >= bounds.queueMax()) {
        waiting.removeFirst();
        dropped++;
      }
      waiting.addLast(item);
      if (sending) {
        return;
      }
      sending = true;
    }
    later();
  }

  private void later() {
    system.scheduler().scheduleOnce(bounds.linger(), this::send, system.executionContext());
  }

  /** One batch at a time: what crosses shares the connection with requests. */
  private void send() {
    var batch = new ArrayList<T>();
    boolean more;
    long lost;
    synchronized (this) {
      int bytes = 0;
      while (!waiting.isEmpty()
          && batch.size() < bounds.batchMax()
          && bytes < bounds.batchWeight()) {
        bytes += weight.applyAsInt(waiting.peekFirst());
        batch.add(waiting.removeFirst());
      }
      more = !waiting.isEmpty();
      sending = more;
      lost = dropped;
      dropped = 0;
    }
    if (lost > 0) {
      LOG.warn("{} {} were not told to other nodes: more come than can be told", lost, name);
    }
    topic.tell(Topic.publish(pack.apply(self, batch)));
    if (more) {
      later();
    }
  }
}
