package io.sluice.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client connection. Tells held requests when the client is gone; nothing stays registered
 * longer than its request.
 */
public final class Connection {
  private final String remoteHost;
  private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
  private volatile boolean gone;

  public Connection(String remoteHost) {
    this.remoteHost = remoteHost;
  }

  /** The client's address without its port. */
  public String remoteHost() {
    return remoteHost;
  }

  public boolean isGone() {
    return gone;
  }

  /**
   * Runs {@code watcher} once when the client goes, at once if it is gone already.
   *
   * @return ends the watch
   */
  public Runnable whenGone(Runnable watcher) {
    watchers.add(watcher);
    if (gone && watchers.remove(watcher)) {
      watcher.run();
    }
    return () -> watchers.remove(watcher);
  }

  void closed() {
    gone = true;
    for (var watcher : watchers) {
      if (watchers.remove(watcher)) {
        watcher.run();
      }
    }
  }
}
