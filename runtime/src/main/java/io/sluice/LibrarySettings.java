package io.sluice;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How much one {@link Sluice} takes of its process. Defaults and reasons stand in {@code
 * reference.conf} under {@code sluice.library}.
 *
 * @param requestsMax leases held and requests waiting, together
 * @param listenersMax listeners on limits
 * @param askAgainAfter how long a request is left with an owner before it is repeated
 * @param startWithin how long a start may take until the first owner answers
 * @param stopWithin how long a close waits for slots to be given back, and then for the node
 * @param answerWithin how long one owner may take to answer
 */
record LibrarySettings(
    int requestsMax,
    int listenersMax,
    Duration askAgainAfter,
    Duration startWithin,
    Duration stopWithin,
    Duration answerWithin) {

  static LibrarySettings from(Config sluice) {
    var library = sluice.getConfig("library");
    return new LibrarySettings(
        library.getInt("requests-max"),
        library.getInt("listeners-max"),
        library.getDuration("ask-again-after"),
        library.getDuration("start-within"),
        library.getDuration("stop-within"),
        sluice.getDuration("answer-within"));
  }
}
