package io.sluice.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client connection. Tells held requests when they are not to be held any longer; nothing stays
 * registered longer than its request.
 */
public final class Connection {
  private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
  private volatile String remoteHost = "";
  private volatile boolean gone;

  /** The client's address without its port, empty if it is not known. */
  public String remoteHost() {
    return remoteHost;
  }

  void remoteHost(String host) {
    remoteHost = host;
  }

  /** Whether nothing sent to the client will be heard, or the server is about to stop. */
  public boolean isGone() {
    return gone;
  }

  /**
   * Runs {@code watcher} once when the client goes or the server stops, at once if that happened.
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

  void end() {
    gone = true;
    for (var watcher : watchers) {
      if (watchers.remove(watcher)) {
        watcher.run();
      }
    }
  }
}
