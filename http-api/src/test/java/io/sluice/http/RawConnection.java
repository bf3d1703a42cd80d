package io.sluice.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A connection of a client that may be cut at any moment. */
public final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final URI base;

  public RawConnection(URI base) throws IOException {
    this.base = base;
    this.socket = new Socket(base.getHost(), base.getPort());
    socket.setSoTimeout(20_000);
  }

  /** Sends a whole request and does not wait for the answer. */
  public void post(String path, String json, Map<String, String> headers) throws IOException {
    var body = json.replace('\'', '"');
    begin(path, body.getBytes(StandardCharsets.UTF_8).length, headers);
    write(body);
  }

  /** Sends the beginning of a request whose body of so many bytes is to follow. */
  public void begin(String path, int length, Map<String, String> headers) throws IOException {
    var head = new StringBuilder("POST %s%s HTTP/1.1\r\n".formatted(base.getPath(), path));
    head.append("Host: ").append(base.getAuthority()).append("\r\n");
    head.append("Content-Type: application/json\r\n");
    head.append("Content-Length: ").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    write(head.append("\r\n").toString());
  }

  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** The first line of the answer, waited for. */
  public String readStatusLine() throws IOException {
    var line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0 && c != '\r'; ) {
      line.append((char) c);
      c = socket.getInputStream().read();
    }
    return line.toString();
  }

  /** What comes until the server closes the connection. */
  public String readRest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Whether an answer, or a part of it, has come. */
  public boolean isAnswered() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** Sends no more, as one that is closed, and returns what still comes until the server ends. */
  public String leave() throws IOException {
    socket.shutdownOutput();
    return readRest();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
