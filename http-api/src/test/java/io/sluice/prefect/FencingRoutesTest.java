package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A fencing token over HTTP")
@ExtendWith(SharedNode.class)
class FencingRoutesTest {
  private static final String ALL = "/v2/concurrency_limits/";

  private final Asker api;
  private final String name = "limit-" + UUID.randomUUID();

  FencingRoutesTest(Asker api) {
    this.api = api;
  }

  private record Granted(String limit, long token, UUID lease) {}

  private Granted lease() {
    var reply =
        api.post(ALL + "increment-with-lease", "{'names': ['%s'], 'slots': 1}".formatted(name));
    assertThat(reply.status()).isEqualTo(200);
    var told = reply.headers().firstValue("Sluice-Fencing-Tokens").orElseThrow().split("=");
    return new Granted(told[0], Long.parseLong(told[1]), UUID.fromString(reply.text("lease_id")));
  }

  private void release(Granted granted) {
    var body = "{'lease_id': '%s'}".formatted(granted.lease());
    assertThat(api.post(ALL + "decrement-with-lease", body).status()).isEqualTo(204);
  }

  private boolean holds(String limit, long token) {
    return api.get("/sluice/limits/%s/fencing/%d".formatted(limit, token))
        .json()
        .required("holds")
        .booleanValue();
  }

  @Test
  void counts_from_the_grant_to_the_release() {
    api.post(ALL, "{'name': '%s', 'limit': 2}".formatted(name));
    var first = lease();
    var second = lease();

    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(holds(name, first.token())).isTrue();
    assertThat(holds(first.limit(), second.token())).isTrue();
    assertThat(holds(name, second.token() + 1)).as("never granted").isFalse();

    release(first);

    assertThat(holds(name, first.token())).isFalse();
    var answer = api.get("/sluice/limits/%s/fencing/%d".formatted(name, first.token())).json();
    assertThat(answer.required("newest_token").longValue()).isEqualTo(second.token());
    assertThat(answer.required("name").textValue()).isEqualTo(name);
    assertThat(answer.required("limit_id").textValue()).isEqualTo(first.limit());
  }

  @Test
  void of_a_slot_that_an_operator_took_back_no_longer_counts() {
    api.post(ALL, "{'name': '%s', 'limit': 1}".formatted(name));
    var written = lease();

    assertThat(api.patch(ALL + name, "{'active_slots': 0}").status()).isEqualTo(204);

    assertThat(holds(name, written.token())).isFalse();
  }

  @Test
  void of_a_limit_that_was_deleted_and_made_again_does_not_count_and_comes_not_back() {
    api.post(ALL, "{'name': '%s', 'limit': 1}".formatted(name));
    var before = lease();
    api.delete(ALL + name);
    assertThat(api.get("/sluice/limits/%s/fencing/1".formatted(before.limit())).status())
        .isEqualTo(404);

    api.post(ALL, "{'name': '%s', 'limit': 1}".formatted(name));

    assertThat(holds(name, before.token())).isFalse();
  }

  @Test
  void of_no_limit_or_no_number_is_not_found() {
    assertThat(api.get("/sluice/limits/%s/fencing/1".formatted(name)).status()).isEqualTo(404);
    assertThat(api.get("/sluice/limits/%s/fencing/x".formatted(name)).status()).isEqualTo(404);
  }
}
