package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.rejection.Rejection;
import io.sluice.rejection.Rejection.NotFound;
import java.util.Optional;

/**
 * The status and the words of each refusal, as Prefect 3.8.8 answers them; its client tests for
 * some of the words. Rejections that it does not know keep their own message.
 */
final class Refusals {
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;
  private static final int BROKEN = 500;

  private Refusals() {}

  static Answer answer(Rejection why) {
    if (why instanceof NotFound missing && missing.what() == NotFound.What.AUTOMATION) {
      return Answer.exception(NOT_FOUND, missing(missing));
    } else if (why instanceof NotFound missing) {
      return Answer.detail(NOT_FOUND, missing(missing));
    } else if (why instanceof Rejection.NameTaken taken) {
      return Answer.detail(CONFLICT, taken(taken));
    } else if (why instanceof Rejection.LimitNameTaken
        || why instanceof Rejection.IdTaken
        || why instanceof Rejection.Dangling) {
      return Answer.detail(CONFLICT, "Data integrity conflict. " + why.message());
    } else if (why instanceof Rejection.BadParameters
        || why instanceof Rejection.NoParameterSchema
        || why instanceof Rejection.ChangedMeanwhile
        || why instanceof Rejection.DefaultQueueStays) {
      return Answer.detail(CONFLICT, why.message());
    } else if (why instanceof Rejection.NotInThisState
        || why instanceof Rejection.BadHydration
        || why instanceof Rejection.NoWorkPool) {
      return Answer.detail(BAD_REQUEST, why.message());
    } else if (why instanceof Rejection.BadJobVariables) {
      return Answer.detail(UNPROCESSABLE, why.message());
    }
    return ofBlock(why).orElseGet(() -> ofLimit(why));
  }

  private static String taken(Rejection.NameTaken taken) {
    return switch (taken.what()) {
      case BLOCK_TYPE -> "Block type with name \"%s\" already exists".formatted(taken.name());
      case BLOCK -> "Block already exists";
      default -> "A %s with this name already exists.".formatted(taken.what().words());
    };
  }

  private static Optional<Answer> ofBlock(Rejection why) {
    if (why instanceof Rejection.Protected) {
      return Optional.of(Answer.detail(FORBIDDEN, why.message()));
    } else if (why instanceof Rejection.BadBlock) {
      return Optional.of(Answer.detail(BAD_REQUEST, why.message()));
    } else if (why instanceof Rejection.UnknownBlockType) {
      return Optional.of(Answer.detail(CONFLICT, why.message()));
    } else if (why instanceof Rejection.StoresNoResults) {
      return Optional.of(Answer.detail(UNPROCESSABLE, why.message()));
    } else if (why instanceof Rejection.SecretsUnreadable) {
      return Optional.of(Answer.detail(BROKEN, why.message()));
    }
    return Optional.empty();
  }

  private static Answer ofLimit(Rejection why) {
    if (why instanceof Rejection.LimitNotFound) {
      return Answer.detail(NOT_FOUND, "Concurrency Limit not found");
    } else if (why instanceof Rejection.MoreThanLimit) {
      return Answer.detail(UNPROCESSABLE, "Slots requested is greater than the limit");
    } else if (why instanceof Rejection.RateNeedsDecay decay) {
      return Answer.detail(
          UNPROCESSABLE,
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

  private static String missing(NotFound missing) {
    return switch (missing.what()) {
      case FLOW -> "Flow not found";
      case FLOW_RUN -> "Flow run not found";
      case TASK_RUN -> "Task not found";
      case DEPLOYMENT -> "Deployment not found";
      case WORK_POOL -> "Work pool \"%s\" not found.".formatted(missing.name());
      case WORK_QUEUE -> "Work queue '%s' not found.".formatted(missing.name());
      case WORKER -> "Worker not found.";
      case VARIABLE -> "Variable not found.";
      case ARTIFACT -> "Artifact not found.";
      case SCHEDULE -> "Schedule not found.";
      case INPUT -> "Flow run input not found";
      case SAVED_SEARCH -> "Saved search not found";
      case BLOCK_TYPE -> "Block type not found";
      case BLOCK_SCHEMA -> "Block schema not found";
      case BLOCK -> "Block document not found";
      case DEFAULT_BLOCK -> "Block not found.";
      case AUTOMATION -> "Automation not found";
    };
  }
}
