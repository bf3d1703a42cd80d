package io.sluice.log;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears lines as they come, those of this node and of others. Nothing is kept: what was logged
 * before somebody listens is in the listings, as in Prefect 3.8.8 (server/logs/stream.py).
 */
public final class LogListeners {
  private static final Logger LOG = LoggerFactory.getLogger(LogListeners.class);

  private record Listener(LogFilter filter, Consumer<Logs.Entry> hear) {}

  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private volatile Consumer<Boolean> interest = listened -> {};

  /**
   * Lets {@code hear} hear the lines that match from now on, those of one {@link #tell} in their
   * order. It is called by whoever tells and must not block.
   *
   * @return ends the listening
   */
  public Runnable listen(LogFilter filter, Consumer<Logs.Entry> hear) {
    var listener = new Listener(filter, hear);
    change(() -> listeners.add(listener));
    return () -> change(() -> listeners.remove(listener));
  }

  /** Tells {@code interest} when somebody begins to listen, and when nobody does any more. */
  public void onInterest(Consumer<Boolean> interest) {
    this.interest = interest;
  }

  private synchronized void change(Runnable change) {
    boolean before = listeners.isEmpty();
    change.run();
    if (before != listeners.isEmpty()) {
      interest.accept(before);
    }
  }

  /** Hands stored lines to whoever listens; a listener that fails does not stop the others. */
  public void tell(List<Logs.Entry> lines) {
    for (var listener : listeners) {
      try {
        lines.stream().filter(listener.filter()::matches).forEach(listener.hear());
      } catch (RuntimeException deaf) {
        LOG.warn("A listener failed on {} lines of logs", lines.size(), deaf);
      }
    }
  }
}
