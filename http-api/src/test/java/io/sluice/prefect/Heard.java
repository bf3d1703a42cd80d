package io.sluice.prefect;

import io.sluice.http.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The other side of a socket under test: what it was told. */
final class Heard implements Socket.Peer {
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private volatile Socket.Close close;

  @Override
  public void say(String text) {
    texts.add(text);
  }

  @Override
  public void hangUp(Socket.Close why) {
    close = why;
  }

  List<String> texts() {
    return texts;
  }

  /** Null as long as the server did not hang up by itself. */
  Socket.Close close() {
    return close;
  }
}
