package io.sluice;

import io.sluice.LimitListener.LimitChange;
import io.sluice.limit.LimitFigures;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one listener of the changes at one limit; keeps only the latest while it is busy. */
final class LimitTelling {
  private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);

  private final String limit;
  private final LimitListener listener;
  private final Executor thread;
  private final AtomicReference<LimitChange> latest = new AtomicReference<>();
  private volatile boolean ended;

  LimitTelling(String limit, LimitListener listener, Executor thread) {
    this.limit = limit;
    this.listener = listener;
    this.thread = thread;
  }

  /** Returns at once. */
  void changed(LimitFigures now) {
    var name = now.exists() ? now.name() : limit;
    var change =
        new LimitChange(name, now.exists(), now.active(), now.slots(), now.held(), now.waiting());
    if (latest.getAndSet(change) == null) {
      thread.execute(this::tell);
    }
  }

  private void tell() {
    var change = latest.getAndSet(null);
    if (ended) {
      return;
    }
    try {
      listener.changed(change);
    } catch (RuntimeException failed) {
      LOG.error("The listener of limit '{}' failed", limit, failed);
    }
  }

  void end() {
    ended = true;
  }
}
