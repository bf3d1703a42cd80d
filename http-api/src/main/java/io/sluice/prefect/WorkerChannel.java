package io.sluice.prefect;

import io.sluice.cluster.Why;
import io.sluice.http.Socket;
import io.sluice.pool.PoolState;
import io.sluice.queue.WorkQueue;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel between one worker and its pool: first {@code hello} and {@code ready}, then
 * heartbeats from the worker and snapshots of the pool for it. Runs are not handed out here:
 * workers poll for them. Nothing is handed out to be cleaned up either: frames about that break the
 * protocol.
 */
final class WorkerChannel implements Socket {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerChannel.class);

  private static final String UPDATED = "work_pool_updated";
  private static final String RECONCILED = "heartbeat_reconciliation";

  private final WorkerChannels channels;
  private final String poolName;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private Peer peer;
  private volatile ChannelHello hello;
  private volatile long known;
  private long sequence = 1;
  private UUID pool;
  private Runnable leave = () -> {};
  private boolean over;
  private String changed;
  private CompletableFuture<Void> snapshots = ready;

  WorkerChannel(WorkerChannels channels, String poolName) {
    this.channels = channels;
    this.poolName = poolName;
  }

  @Override
  public void opened(Peer peer) {
    this.peer = peer;
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    return (hello == null ? begin(text) : beat(text)).exceptionally(this::end);
  }

  private Reply end(Throwable failure) {
    var close = ChannelEnd.of(failure);
    var why = Why.cause(failure);
    if (close.code() == ChannelEnd.TRANSIENT.code()) {
      LOG.warn("pool={} channel closed with {}: {}", poolName, close.reason(), why.toString());
    } else {
      LOG.debug("pool={} channel closed with {}: {}", poolName, close.reason(), why.toString());
    }
    return Reply.hangUp(close);
  }

  // ---- the beginning ----

  private CompletableFuture<Reply> begin(String text) {
    var read = ChannelHello.read(text);
    if (read.isEmpty()) {
      return failed(new ChannelEnd(ChannelEnd.PROTOCOL, "no worker.hello.v1 that can be read"));
    }
    hello = read.get();
    if (!hello.versions().contains(ChannelFrames.VERSION)) {
      return failed(new ChannelEnd(ChannelEnd.VERSION, "versions " + hello.versions()));
    }
    return channels.pool(poolName, hello).thenCompose(this::serve).thenApply(done -> Reply.NOTHING);
  }

  private static <T> CompletableFuture<T> failed(ChannelEnd why) {
    return CompletableFuture.failedFuture(why);
  }

  private CompletableFuture<Void> serve(PoolState found) {
    var queues = WorkerChannels.queues(found, hello);
    join(found.pool().id());
    return channels
        .served(found, hello)
        .thenCompose(state -> channels.view(state).thenAccept(json -> ready(state, queues, json)));
  }

  /** Listens before the pool is read: no change may fall between. */
  private synchronized void join(UUID found) {
    if (over) {
      return;
    }
    channels.join(found);
    pool = found;
    var unlisten = channels.listen(found, () -> changed(UPDATED));
    leave =
        () -> {
          unlisten.run();
          channels.leave(found);
        };
  }

  private void ready(PoolState state, List<WorkQueue> queues, PoolJson json) {
    known = state.pool().version();
    peer.say(ChannelFrames.ready(hello, queues, json, channels.now()));
    ready.complete(null);
    LOG.debug("pool={} worker={} channel open", poolName, hello.worker());
  }

  // ---- heartbeats ----

  private CompletableFuture<Reply> beat(String text) {
    var beat =
        ChannelHello.readHeartbeat(text)
            .filter(
                heard ->
                    ready.isDone()
                        && heard.consumer().equals(hello.consumer())
                        && heard.worker().equals(hello.worker()));
    if (beat.isEmpty()) {
      return failed(new ChannelEnd(ChannelEnd.PROTOCOL, "no heartbeat of this worker"));
    }
    return channels
        .heartbeat(pool, hello.worker(), beat.get().intervalSeconds())
        .thenApply(
            version -> {
              if (version != known) {
                changed(RECONCILED);
              }
              return Reply.NOTHING;
            });
  }

  // ---- snapshots ----

  /** Changes that follow each other closely make one snapshot. */
  private synchronized void changed(String reason) {
    boolean first = changed == null;
    changed = reason;
    if (first && !over) {
      snapshots =
          snapshots
              .thenCompose(before -> channels.gathered())
              .thenCompose(gathered -> snapshot())
              .exceptionally(
                  failure -> {
                    end(failure).close().ifPresent(peer::hangUp);
                    return null;
                  });
    }
  }

  private CompletableFuture<Void> snapshot() {
    var reason = takeReason();
    return channels
        .get(pool)
        .thenCompose(
            state ->
                state.pool().version() == known
                    ? CompletableFuture.completedFuture(null)
                    : channels.view(state).thenAccept(json -> tell(state, reason, json)));
  }

  private synchronized String takeReason() {
    var reason = changed;
    changed = null;
    return reason;
  }

  /** One after the other: each waits for the one before it. */
  private void tell(PoolState state, String reason, PoolJson json) {
    known = state.pool().version();
    sequence++;
    peer.say(ChannelFrames.snapshot(sequence, reason, json, channels.now()));
  }

  @Override
  public synchronized void closed() {
    over = true;
    leave.run();
    leave = () -> {};
  }
}
