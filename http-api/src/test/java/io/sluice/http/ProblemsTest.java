package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.StoreUnavailable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.pattern.AskTimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A problem is answered")
class ProblemsTest {
  private static final Call CALL =
      new Call(
          "GET",
          "http",
          "/api/x",
          Map.of(),
          Map.of(),
          List.of(),
          new byte[0],
          new Connection(),
          () -> true);

  private final Problems problems =
      new Problems(rejection -> Answer.detail(418, rejection.message()));

  private Answer answer(Throwable problem) {
    return problems.answer(problem, CALL);
  }

  private static JsonNode body(Answer answer) {
    return Json.read(Json.text(answer.body()));
  }

  @Test
  void by_the_dialect_if_a_rule_refused() {
    var refused = new Refused(new Rejection.LimitNotFound("db"));
    assertThat(answer(refused))
        .isEqualTo(Answer.detail(418, "There is no concurrency limit 'db'."));
  }

  @Test
  void the_same_however_deep_futures_wrap_it() {
    var wrapped =
        new CompletionException(new CompletionException(new Plain(403, "reserved for others")));
    assertThat(answer(wrapped)).isEqualTo(Answer.detail(403, "reserved for others"));
  }

  @Test
  void with_404_or_405_if_there_is_no_such_route() {
    assertThat(answer(new NoRoute())).isEqualTo(Answer.detail(404, "Not Found"));
    assertThat(answer(new Router.WrongMethod()))
        .isEqualTo(Answer.detail(405, "Method Not Allowed"));
  }

  @Test
  void with_422_and_everything_that_is_wrong_if_the_request_is_not_of_its_form() {
    var body = Body.of(Json.read("{\"limit\": \"many\", \"colour\": 1}"));
    body.required("limit", body.integer("limit"), 0);
    var answer = answer(org.assertj.core.api.Assertions.catchThrowable(body::end));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(body(answer))
        .isEqualTo(
            Json.read(
                """
                {"exception_message": "Invalid request received.",
                 "exception_detail": [
                   {"type": "int_parsing", "loc": ["body", "limit"],
                    "msg": "Input should be a valid integer, unable to parse string as an integer",
                    "input": "many"},
                   {"type": "extra_forbidden", "loc": ["body", "colour"],
                    "msg": "Extra inputs are not permitted", "input": 1}],
                 "request_body": {"limit": "many", "colour": 1}}
                """));
  }

  private JsonNode refusal(Runnable read) {
    return body(answer(org.assertj.core.api.Assertions.catchThrowable(read::run)));
  }

  @Test
  void with_what_a_message_was_made_of_and_all_that_was_sent() {
    var bodies = Bodies.of(Json.read("[{\"f\": 7}]"));
    bodies.get(0).wrong("f", "value_error", "not seven");
    assertThat(refusal(() -> Bodies.endKnown(bodies)))
        .isEqualTo(
            Json.read(
                """
                {"exception_message": "Invalid request received.",
                 "exception_detail": [
                   {"type": "value_error", "loc": ["body", 0, "f"],
                    "msg": "Value error, not seven", "input": 7, "ctx": {"error": {}}}],
                 "request_body": [{"f": 7}]}
                """));
  }

  @Test
  void with_where_a_text_stops_being_json() {
    var refusal = refusal(() -> Json.read("{\"f\": }"));
    assertThat(refusal.path("request_body").textValue()).isEqualTo("{\"f\": }");
    var detail = refusal.at("/exception_detail/0");
    assertThat(detail.path("loc").toString()).isEqualTo("[\"body\",6]");
    assertThat(detail.path("msg").textValue()).isEqualTo("JSON decode error");
    assertThat(detail.at("/ctx/error").textValue()).contains("expected a value");
  }

  @Test
  void with_503_and_when_to_come_back_if_the_store_or_an_owner_does_not_answer() {
    for (var problem :
        List.of(
            new StoreUnavailable("32768 row changes wait already", null),
            new TimeoutException("no answer within 10 s"),
            new CancellationException("the asker was gone"),
            new AskTimeoutException("no answer within 10 s"))) {
      var answer = answer(new CompletionException(problem));
      assertThat(answer.status()).as("%s", problem).isEqualTo(503);
      assertThat(answer.headers()).containsEntry("Retry-After", "1");
      assertThat(body(answer).path("exception_message").textValue())
          .isEqualTo("Service Unavailable");
      assertThat(body(answer).path("detail").textValue()).isEqualTo(problem.getMessage());
    }
    assertThat(body(answer(new TimeoutException())).path("detail").textValue())
        .isEqualTo("no answer in time");
  }

  @Test
  void with_500_and_without_its_details_if_it_is_a_bug() {
    var bug = new IllegalStateException("secret");
    bug.setStackTrace(new StackTraceElement[0]);
    assertThat(answer(bug))
        .isEqualTo(new Answer(500, Map.of("exception_message", "Internal Server Error"), Map.of()));
  }
}
