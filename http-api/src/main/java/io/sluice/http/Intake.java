package io.sluice.http;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;

/** Reads the bodies of requests, within bounds of size and time. */
final class Intake {
  /** A body that nobody wants is read on for so many times what one may have. */
  private static final int DISCARDED_BODIES = 4;

  private final Materializer materializer;
  private final long contentMax;
  private final Duration within;

  /**
   * @param config {@code sluice.http}
   */
  Intake(Materializer materializer, Config config) {
    this.materializer = materializer;
    this.contentMax = config.getBytes("body-max");
    this.within = config.getDuration("body-within");
  }

  /** The announced size in bytes; the largest allowed one if none is announced. */
  long size(HttpRequest request) {
    return request.entity().getContentLengthOption().orElse(contentMax);
  }

  boolean isTooLarge(long size) {
    return size > contentMax;
  }

  /** The body; fails if it is too large or too slow. */
  CompletableFuture<byte[]> read(HttpRequest request) {
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return CompletableFuture.completedFuture(strict.getData().toArray());
    }
    return request
        .entity()
        .toStrict(within.toMillis(), contentMax, materializer)
        .thenApply(strict -> strict.getData().toArray())
        .toCompletableFuture();
  }

  /** Throws away what comes of the body, so that its client gets to hear the answer. */
  void discard(HttpRequest request) {
    if (!request.entity().isStrict()) {
      request
          .entity()
          .withSizeLimit(contentMax * DISCARDED_BODIES)
          .getDataBytes()
          .runWith(Sink.ignore(), materializer);
    }
  }

  Answer tooLarge() {
    return Answer.detail(
        413,
        "The body is larger than %d bytes or did not arrive within %s s."
            .formatted(contentMax, within.toMillis() / 1e3));
  }
}
