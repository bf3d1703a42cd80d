package io.sluice.load.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.RequestConnControl;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;

/**
 * One keep-alive connection of one client, which waits for each answer. It costs a tenth of the
 * processor time of {@link java.net.http.HttpClient}, and what the tool takes the server on the
 * same machine has not.
 *
 * <p>As Prefect 3.8.8's client it waits 60 s at most, for a connection as for an answer, and uses
 * no connection again that was idle as long as uvicorn keeps one.
 *
 * <p>Used by one thread; {@link #close} may be called by any.
 */
final class Connection implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration IDLE_MAX = Duration.ofSeconds(4);
  private static final int PORT_HTTP = 80;
  private static final int PORT_HTTPS = 443;
  private static final int SERVER_ERROR = 500;
  private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();
  private static final HttpProcessor HEADERS =
      HttpProcessorBuilder.create()
          .addAll(new RequestTargetHost(), new RequestContent(), new RequestConnControl())
          .build();

  private final URI api;
  private final HttpHost host;
  private volatile boolean closed;
  private volatile DefaultBHttpClientConnection open;
  private long idleSince;

  Connection(URI api) {
    this.api = api;
    this.host = new HttpHost(api.getScheme(), api.getHost(), api.getPort());
  }

  /**
   * @param body null for none
   * @throws IOException if no answer came
   */
  Answer exchange(String method, String path, byte[] body) throws IOException {
    var context = HttpCoreContext.create();
    var request = new BasicClassicHttpRequest(method, host, api.getPath() + path);
    request.addHeader("User-Agent", "prefect/3.8.8 (API 0.8.4)");
    request.addHeader("X-PREFECT-API-VERSION", "0.8.4");
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    }
    var connection = connection();
    boolean reusable = false;
    try {
      EXECUTOR.preProcess(request, HEADERS, context);
      try (var response = EXECUTOR.execute(request, connection, context)) {
        var answer = read(response);
        // Prefect's server drops the connection after an exception of its own.
        reusable =
            answer.status() < SERVER_ERROR
                && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context);
        return answer;
      }
    } catch (HttpException wrong) {
      throw new IOException(wrong);
    } finally {
      idleSince = System.nanoTime();
      if (!reusable) {
        drop();
      }
    }
  }

  /**
   * Opens the connection, if it is not yet.
   *
   * @throws IOException if it cannot be opened
   */
  void open() throws IOException {
    connection();
    idleSince = System.nanoTime();
  }

  private static Answer read(ClassicHttpResponse response) throws IOException {
    var entity = response.getEntity();
    var body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
    return new Answer(
        response.getCode(),
        value(response.getFirstHeader("Retry-After")),
        "true".equals(value(response.getFirstHeader("Prefect-Maintenance"))),
        body);
  }

  private static String value(Header header) {
    return header == null ? null : header.getValue();
  }

  private DefaultBHttpClientConnection connection() throws IOException {
    if (open != null && System.nanoTime() - idleSince > IDLE_MAX.toNanos()) {
      drop();
    }
    if (open == null) {
      var fresh = new DefaultBHttpClientConnection(Http1Config.DEFAULT);
      fresh.bind(socket());
      open = fresh;
    }
    if (closed) {
      drop();
      throw new IOException("the round is over");
    }
    return open;
  }

  private Socket socket() throws IOException {
    boolean secure = "https".equals(host.getSchemeName());
    var socket = secure ? SSLSocketFactory.getDefault().createSocket() : new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    int port = host.getPort() < 0 ? (secure ? PORT_HTTPS : PORT_HTTP) : host.getPort();
    socket.connect(new InetSocketAddress(host.getHostName(), port), (int) PATIENCE.toMillis());
    return socket;
  }

  private void drop() {
    var connection = open;
    open = null;
    if (connection != null) {
      connection.close(CloseMode.IMMEDIATE);
    }
  }

  /** Ends a request that is under way, too: its asker gets an {@link IOException}. */
  @Override
  public void close() {
    closed = true;
    drop();
  }
}
