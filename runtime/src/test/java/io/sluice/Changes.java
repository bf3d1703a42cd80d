package io.sluice;

import static org.assertj.core.api.Assertions.fail;

import io.sluice.LimitListener.LimitChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a listener on a limit was told, for tests that wait for a change. */
final class Changes implements LimitListener {
  private static final long PATIENCE_SECONDS = 60;

  private final LinkedBlockingQueue<LimitChange> told = new LinkedBlockingQueue<>();
  private final List<LimitChange> seen = new ArrayList<>();

  @Override
  public void changed(LimitChange now) {
    told.add(now);
  }

  /** The first change told from now on, or not looked at yet, that is {@code wanted}. */
  LimitChange await(Predicate<LimitChange> wanted) throws InterruptedException {
    for (var next = next(); next != null; next = next()) {
      seen.add(next);
      if (wanted.test(next)) {
        return next;
      }
    }
    return fail("not told within %d s; told was %s", PATIENCE_SECONDS, seen);
  }

  LimitChange awaitWaiting(int waiting) throws InterruptedException {
    return await(change -> change.waiting() == waiting);
  }

  private LimitChange next() throws InterruptedException {
    return told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
