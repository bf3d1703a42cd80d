package io.sluice.http;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a server does at once, with a bound for each kind: requests it works on, the bytes of their
 * bodies, and those it only keeps (held requests and websockets), which cost a connection and no
 * work. So waiters never take the place of those who would end their wait; and requests that are
 * <em>urgent</em>, because they give something back, are refused by no bound, but count.
 */
final class Load {
  /** An urgent request may be this large without asking the bound on bodies. */
  static final long URGENT_BYTES_MAX = 64 * 1024;

  /** Those who are sent away come back spread over so many seconds. */
  private static final int BACK_WITHIN_SECONDS = 3;

  private final int workMax;
  private final int keptMax;
  private final long bytesMax;
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicInteger kept = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();

  /**
   * @param config {@code sluice.http}
   */
  Load(Config config) {
    this.workMax = config.getInt("requests-max");
    this.keptMax = config.getInt("held-max");
    this.bytesMax = config.getBytes("bodies-max");
  }

  /** A request on its way; ends exactly once, however often it is told to. */
  final class Share {
    private enum Phase {
      WORKED_ON,
      HELD,
      OVER
    }

    private final long size;
    private Phase phase = Phase.WORKED_ON;

    private Share(long size) {
      this.size = size;
    }

    /** From now on it is kept, not worked on; false if too many are kept, so that it may not be. */
    synchronized boolean hold() {
      if (phase == Phase.WORKED_ON) {
        if (!tryKeep()) {
          return false;
        }
        phase = Phase.HELD;
        giveBackWork();
      }
      return phase == Phase.HELD;
    }

    synchronized void end() {
      if (phase == Phase.WORKED_ON) {
        giveBackWork();
      } else if (phase == Phase.HELD) {
        kept.decrementAndGet();
      }
      phase = Phase.OVER;
    }

    private void giveBackWork() {
      work.decrementAndGet();
      bytes.addAndGet(-size);
    }
  }

  /**
   * Why there is no room for one more request, in words for its client; empty if there is.
   *
   * @param size of its body in bytes
   */
  Optional<Answer> refusal(long size, boolean urgent) {
    if (urgent && size <= URGENT_BYTES_MAX) {
      return Optional.empty();
    }
    if (work.get() >= workMax && !urgent) {
      return Optional.of(
          busy(
              429,
              "The server works on %d requests, as many as it may (sluice.http.requests-max)."
                  .formatted(workMax)));
    }
    // The only body that is on its way may be as large as any.
    long others = bytes.get();
    if (others > 0 && others + size > bytesMax) {
      return Optional.of(
          busy(
              429,
              "The server holds %d bytes of requests; %d more exceed sluice.http.bodies-max = %d."
                  .formatted(others, size, bytesMax)));
    }
    return Optional.empty();
  }

  /** Counts a request; a race may let a few more in than the bounds say. */
  Share enter(long size) {
    work.incrementAndGet();
    bytes.addAndGet(size);
    return new Share(size);
  }

  /** Keeps a websocket until {@link #closed}; false if too many are kept. */
  boolean tryKeep() {
    if (kept.incrementAndGet() <= keptMax) {
      return true;
    }
    kept.decrementAndGet();
    return false;
  }

  void closed() {
    kept.decrementAndGet();
  }

  /** For a websocket that cannot be kept: the status after which its client tries again. */
  Answer full() {
    return busy(
        503,
        "The server keeps %d held requests and websockets, as many as it may (sluice.http.held-max)."
            .formatted(keptMax));
  }

  private Answer busy(int status, String why) {
    int seconds = 1 + Math.floorMod(refused.getAndIncrement(), BACK_WITHIN_SECONDS);
    return Answer.detail(status, why + " Ask again in %d s.".formatted(seconds))
        .with("Retry-After", Integer.toString(seconds));
  }

  int working() {
    return work.get();
  }

  int held() {
    return kept.get();
  }

  long bodyBytes() {
    return bytes.get();
  }
}
