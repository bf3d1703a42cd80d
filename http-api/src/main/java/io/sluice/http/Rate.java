package io.sluice.http;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests each client address may make, on average and in a burst. An address that made
 * too many is told when to come back; those told so are spread at the rate, so that a client with
 * many requests does not fail by its bounded number of attempts.
 *
 * <p>After the generic cell rate algorithm (ITU-T I.371): one time for each address, up to which
 * its requests are accounted for.
 */
final class Rate {
  /** Addresses remembered at once, some 100 bytes each; all others share one account. */
  private static final int ADDRESSES_MAX = 10_000;

  private static final String OTHERS = "";
  private static final long BACK_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final long spacingNanos;
  private final long burstNanos;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<String, Account> accounts = new ConcurrentHashMap<>();

  /**
   * @param until the time up to which requests are accounted for
   * @param back when the last one that was sent away is to come back
   */
  private record Account(long until, long back, long waitNanos) {}

  private Rate(double perSecond, int burst, LongSupplier nanos) {
    this.spacingNanos = perSecond <= 0 ? 0 : (long) (1e9 / perSecond);
    this.burstNanos = spacingNanos * (burst - 1);
    this.nanos = nanos;
  }

  /**
   * @param config {@code sluice.http}
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}
   */
  static Rate from(Config config, LongSupplier nanos) {
    var perSecond = config.getString("requests-per-second");
    return perSecond.equals("off")
        ? new Rate(0, 1, nanos)
        : new Rate(config.getDouble("requests-per-second"), config.getInt("requests-burst"), nanos);
  }

  /** Accounts for one request; if it is one too many, how it is answered. */
  Optional<Answer> refusal(String address) {
    if (spacingNanos == 0) {
      return Optional.empty();
    }
    long now = nanos.getAsLong();
    var key = accounts.containsKey(address) || hasRoom(now) ? address : OTHERS;
    var account = accounts.compute(key, (same, before) -> next(before, now));
    return account.waitNanos() == 0
        ? Optional.empty()
        : Optional.of(tooMany(address, account.waitNanos()));
  }

  private Account next(Account before, long now) {
    long until = before == null || before.until() - now < 0 ? now : before.until();
    long back = before == null || before.back() - now < 0 ? now : before.back();
    if (until - now <= burstNanos) {
      return new Account(until + spacingNanos, back, 0);
    }
    long free = until - burstNanos;
    long turn = (back - free < 0 ? free : back) + spacingNanos;
    long latest = now + BACK_WITHIN_NANOS;
    long promised = turn - latest > 0 ? latest : turn;
    return new Account(until, promised, Math.max(1, promised - now));
  }

  private boolean hasRoom(long now) {
    if (accounts.size() >= ADDRESSES_MAX) {
      accounts.values().removeIf(account -> account.until() - now < 0 && account.back() - now < 0);
    }
    return accounts.size() < ADDRESSES_MAX;
  }

  private static Answer tooMany(String address, long waitNanos) {
    long seconds = Math.max(1, (waitNanos + 999_999_999L) / 1_000_000_000L);
    return Answer.detail(
            429,
            "%s makes more requests than sluice.http.requests-per-second allows. Ask again in %d s."
                .formatted(address, seconds))
        .with("Retry-After", Long.toString(seconds));
  }
}
