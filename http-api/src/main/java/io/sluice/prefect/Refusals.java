package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.rejection.Rejection;

/**
 * The status and the words of each refusal, as Prefect 3.8.8 answers them; its client tests for
 * some of the words. Rejections that it does not know keep their own message.
 */
final class Refusals {
  private Refusals() {}

  static Answer answer(Rejection why) {
    if (why instanceof Rejection.LimitNotFound) {
      return Answer.detail(404, "Concurrency Limit not found");
    } else if (why instanceof Rejection.LimitNameTaken) {
      return Answer.detail(409, "Data integrity conflict. " + why.message());
    } else if (why instanceof Rejection.MoreThanLimit) {
      return Answer.detail(422, "Slots requested is greater than the limit");
    } else if (why instanceof Rejection.RateNeedsDecay decay) {
      return Answer.detail(
          422,
          "Only concurrency limits with slot decay can be used for rate limiting. The following "
              + "limits do not have a decay configured: '%s'"
                  .formatted(String.join(",", decay.limits())));
    } else if (why instanceof Rejection.LeaseGone) {
      return Answer.detail(410, "Lease not found - it may have expired or been revoked");
    } else if (why instanceof Rejection.LineFull) {
      return Answer.detail(423, why.message()).with("Retry-After", "5");
    }
    throw new IllegalStateException("no status for " + why);
  }
}
