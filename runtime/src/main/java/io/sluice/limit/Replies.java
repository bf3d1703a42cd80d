package io.sluice.limit;

import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Skipped;
import io.sluice.rejection.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the answers of several limits to the same request mean together. */
final class Replies {
  private Replies() {}

  /** The claims that are granted, with their tokens. */
  static Map<Claim, Long> granted(List<Claim> claims, Map<UUID, LimitReply> replies) {
    var granted = new LinkedHashMap<Claim, Long>();
    for (var claim : claims) {
      if (replies.get(claim.limit()) instanceof Granted grant) {
        granted.put(claim, grant.token());
      }
    }
    return granted;
  }

  /** By limit. */
  static Map<UUID, Long> tokens(Map<Claim, Long> granted) {
    var tokens = new HashMap<UUID, Long>();
    granted.forEach((claim, token) -> tokens.put(claim.limit(), token));
    return tokens;
  }

  /** Of a grant or an offer. */
  static Face face(LimitReply reply) {
    return reply instanceof Granted granted ? granted.limit() : ((Offered) reply).limit();
  }

  /** Whether the limit holds nobody back. */
  static boolean isUnlimited(LimitReply reply) {
    return reply instanceof Skipped || reply instanceof LimitReply.NoSuchLimit;
  }

  /**
   * The gravest refusal: too many slots before a missing decay, of which all are named. Null if
   * there is none.
   */
  static Rejection refusal(Map<UUID, LimitReply> replies) {
    var withoutDecay = new ArrayList<String>();
    Rejection other = null;
    for (var reply : replies.values()) {
      if (reply instanceof LimitReply.Refused refused) {
        if (refused.why() instanceof Rejection.MoreThanLimit) {
          return refused.why();
        } else if (refused.why() instanceof Rejection.RateNeedsDecay decay) {
          withoutDecay.addAll(decay.limits());
        } else {
          other = refused.why();
        }
      }
    }
    return withoutDecay.isEmpty() ? other : new Rejection.RateNeedsDecay(withoutDecay);
  }
}
