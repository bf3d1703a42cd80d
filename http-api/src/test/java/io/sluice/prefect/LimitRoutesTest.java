package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Concurrency limits over HTTP")
@ExtendWith(SharedNode.class)
class LimitRoutesTest {
  private static final String ALL = "/v2/concurrency_limits/";
  private static final String LEASE = ALL + "increment-with-lease";

  private final Asker api;
  private final String name = "limit-" + UUID.randomUUID();

  LimitRoutesTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply create(int slots, double decay) {
    return api.post(
        ALL,
        "{'name': '%s', 'limit': %d, 'slot_decay_per_second': %s}".formatted(name, slots, decay));
  }

  private Asker.Reply lease(int slots) {
    return api.with("Prefer", "wait=0")
        .post(
            LEASE, "{'names': ['%s'], 'slots': %d, 'mode': 'concurrency'}".formatted(name, slots));
  }

  private int activeSlots() {
    return api.get(ALL + name).json().required("active_slots").intValue();
  }

  private int activeSlotsOf(String limit) {
    return api.get(ALL + limit).json().required("active_slots").intValue();
  }

  private Asker.Reply leaseOf(String... limits) {
    return api.with("Prefer", "wait=0")
        .post(LEASE, "{'names': ['%s'], 'slots': 1}".formatted(String.join("', '", limits)));
  }

  private Asker.Reply renew(String lease) {
    return api.post(ALL + "leases/" + lease + "/renew", "{'lease_duration': 60}");
  }

  private Asker.Reply giveBack(String lease) {
    return api.post(ALL + "decrement-with-lease", "{'lease_id': '%s'}".formatted(lease));
  }

  @Nested
  class Settings {
    @Test
    void are_created_once_and_read_by_name_and_by_id() {
      var created = create(2, 0);
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.json().path("avg_slot_occupancy_seconds").doubleValue()).isEqualTo(2.0);
      assertThat(create(2, 0).status()).isEqualTo(409);
      var read = api.get(ALL + name);
      assertThat(read.id()).isEqualTo(created.id());
      assertThat(api.get(ALL + created.id()).json()).isEqualTo(read.json());
    }

    @Test
    void with_a_colon_or_the_name_of_a_route_are_reached() {
      for (var special : new String[] {"deploy:" + name, "filter", "increment"}) {
        var body = "{'name': '%s', 'limit': 1}".formatted(special);
        assertThat(api.post(ALL, body).status()).isEqualTo(201);
        assertThat(api.get(ALL + special.replace(":", "%3A")).text("name")).isEqualTo(special);
        assertThat(api.delete(ALL + special.replace(":", "%3A")).status()).isEqualTo(204);
      }
    }

    @Test
    void that_are_not_there_are_answered_404() {
      for (var reply :
          new Asker.Reply[] {
            api.get(ALL + name),
            api.patch(ALL + name, "{'limit': 1}"),
            api.delete(ALL + name),
            api.get(ALL + UUID.randomUUID())
          }) {
        assertThat(reply.toString()).isEqualTo("404 {\"detail\":\"Concurrency Limit not found\"}");
      }
    }

    @Test
    void change_only_in_the_fields_given() {
      create(2, 0);
      assertThat(api.patch(ALL + name, "{'active': false}").status()).isEqualTo(204);
      var read = api.get(ALL + name).json();
      assertThat(read.path("active").booleanValue()).isFalse();
      assertThat(read.path("limit").intValue()).isEqualTo(2);
    }

    @Test
    void are_gone_when_deleted() {
      create(2, 0);
      assertThat(api.delete(ALL + name).status()).isEqualTo(204);
      assertThat(api.get(ALL + name).status()).isEqualTo(404);
    }

    @Test
    void are_listed_by_name() {
      create(2, 0);
      var listed = api.post(ALL + "filter", "{'limit': 200}").json().findValuesAsText("name");
      assertThat(listed).contains(name).isSorted();
      assertThat(api.post(ALL + "filter", "{'limit': 201}").toString())
          .isEqualTo("422 {\"detail\":\"Invalid limit: must be less than or equal to 200.\"}");
    }

    @Test
    void that_make_no_sense_are_answered_422() {
      assertThat(api.post(ALL, "{'name': 'a/b', 'limit': 1}").status()).isEqualTo(422);
      assertThat(api.post(ALL, "{'name': 'a', 'limit': -1}").status()).isEqualTo(422);
      assertThat(api.post(ALL, "{'limit': 1}").toString()).contains("Field required");
      assertThat(api.post(ALL, "{'name': 'a', 'limit': 1, 'x': 1}").toString())
          .contains("Extra inputs are not permitted");
    }
  }

  @Nested
  class Slots {
    @Test
    void are_leased_renewed_and_given_back() {
      create(2, 0);
      var leased = lease(2);
      assertThat(leased.status()).isEqualTo(200);
      assertThat(leased.json().path("limits").findValuesAsText("name")).containsExactly(name);
      var id = leased.text("lease_id");
      assertThat(activeSlots()).isEqualTo(2);
      assertThat(api.post(ALL + "leases/" + id + "/renew", "{'lease_duration': 60}").status())
          .isEqualTo(204);
      assertThat(
              api.post(ALL + "decrement-with-lease", "{'lease_id': '%s'}".formatted(id)).status())
          .isEqualTo(204);
      assertThat(activeSlots()).isZero();
      assertThat(api.post(ALL + "leases/" + id + "/renew", "{}").toString())
          .isEqualTo("410 {\"detail\":\"Lease not found - it may have expired or been revoked\"}");
      assertThat(
              api.post(ALL + "decrement-with-lease", "{'lease_id': '%s'}".formatted(id)).status())
          .isEqualTo(204);
    }

    @Test
    void that_are_taken_are_answered_423_and_when_to_come_back() {
      create(1, 0);
      lease(1);
      var refused = lease(1);
      assertThat(refused.toString()).isEqualTo("423 {\"detail\":\"Locked\"}");
      assertThat(refused.headers().firstValue("Retry-After").map(Double::parseDouble))
          .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(0.05, 30.0));
    }

    @Test
    void beyond_the_limit_are_answered_422_at_once() {
      create(1, 0);
      assertThat(lease(2).toString())
          .isEqualTo("422 {\"detail\":\"Slots requested is greater than the limit\"}");
      assertThat(lease(0).status()).isEqualTo(422);
    }

    @Test
    void of_no_limit_are_free() {
      var leased = lease(1);
      assertThat(leased.status()).isEqualTo(200);
      assertThat(leased.json().path("limits")).isEmpty();
      assertThat(leased.text("lease_id")).hasSize(36);
    }

    @Test
    void without_a_lease_are_counted_up_and_down() {
      create(3, 0);
      var body = "{'names': ['%s'], 'slots': 2}".formatted(name);
      assertThat(api.post(ALL + "increment", body).json().findValuesAsText("name"))
          .containsExactly(name);
      assertThat(activeSlots()).isEqualTo(2);
      assertThat(api.post(ALL + "increment", body).status()).isEqualTo(423);
      assertThat(api.post(ALL + "decrement", body).status()).isEqualTo(200);
      assertThat(activeSlots()).isZero();
    }

    @Test
    void of_a_rate_need_a_decay() {
      create(1, 0);
      var body = "{'names': ['%s'], 'slots': 1, 'mode': 'rate_limit'}".formatted(name);
      assertThat(api.post(ALL + "increment", body).toString())
          .startsWith("422 ")
          .contains("do not have a decay configured: '%s'".formatted(name));
      api.patch(ALL + name, "{'slot_decay_per_second': 0.5}");
      assertThat(api.post(ALL + "increment", body).status()).isEqualTo(200);
      var refused = api.post(ALL + "increment", body);
      assertThat(refused.status()).isEqualTo(423);
      assertThat(refused.headers().firstValue("Retry-After").map(Double::parseDouble))
          .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(0.5, 2.0));
    }

    @Test
    void are_renewed_and_given_back_as_before_when_their_limit_is_deleted() {
      create(1, 0);
      var id = lease(1).text("lease_id");
      assertThat(api.delete(ALL + name).status()).isEqualTo(204);
      assertThat(renew(id).status()).isEqualTo(204);
      assertThat(lease(1).json().path("limits")).isEmpty();
      assertThat(giveBack(id).status()).isEqualTo(204);
      assertThat(renew(id).status()).isEqualTo(410);
    }

    @Test
    void of_a_new_limit_of_that_name_are_all_free_when_their_limit_is_deleted() {
      create(1, 0);
      var old = lease(1).text("lease_id");
      api.delete(ALL + name);
      create(1, 0);
      assertThat(activeSlots()).isZero();
      assertThat(lease(1).status()).isEqualTo(200);
      assertThat(giveBack(old).status()).isEqualTo(204);
      assertThat(activeSlots()).isEqualTo(1);
      assertThat(lease(1).status()).isEqualTo(423);
    }

    @Test
    void of_other_limits_are_given_back_when_one_of_them_was_deleted() {
      for (int deleted = 0; deleted < 2; deleted++) {
        var both = List.of(name + deleted + "a", name + deleted + "b");
        both.forEach(each -> api.post(ALL, "{'name': '%s', 'limit': 1}".formatted(each)));
        var id = leaseOf(both.get(0), both.get(1)).text("lease_id");
        assertThat(api.delete(ALL + both.get(deleted)).status()).isEqualTo(204);
        assertThat(renew(id).status()).isEqualTo(204);
        assertThat(activeSlotsOf(both.get(1 - deleted))).isEqualTo(1);
        assertThat(giveBack(id).status()).isEqualTo(204);
        assertThat(activeSlotsOf(both.get(1 - deleted))).isZero();
      }
    }

    @Test
    void are_leased_for_a_minute_to_a_day() {
      create(1, 0);
      for (var seconds : new String[] {"59", "86401"}) {
        var body = "{'names': ['%s'], 'slots': 1, 'lease_duration': %s}".formatted(name, seconds);
        assertThat(api.post(LEASE, body).status()).as(seconds).isEqualTo(422);
      }
    }
  }

  @Nested
  class OfTags {
    private final String tag = name;

    private Asker.Reply createForTag(int slots) {
      return api.post(
          "/concurrency_limits/", "{'tag': '%s', 'concurrency_limit': %d}".formatted(tag, slots));
    }

    @Test
    void are_created_and_then_changed_by_the_same_request() {
      assertThat(createForTag(1).status()).isEqualTo(201);
      assertThat(createForTag(2).status()).isEqualTo(200);
      var read = api.get("/concurrency_limits/tag/" + tag);
      assertThat(read.json().path("concurrency_limit").intValue()).isEqualTo(2);
      assertThat(api.get(ALL + "tag:" + tag).json().path("limit").intValue()).isEqualTo(2);
    }

    @Test
    void show_the_task_runs_that_hold_them_until_they_are_reset() {
      createForTag(1);
      var run = UUID.randomUUID();
      var body =
          "{'names': ['tag:%s'], 'slots': 1, 'holder': {'type': 'task_run', 'id': '%s'}}"
              .formatted(tag, run);
      assertThat(api.post(LEASE, body).status()).isEqualTo(200);
      assertThat(api.get("/concurrency_limits/tag/" + tag).json().path("active_slots").toString())
          .isEqualTo("[\"%s\"]".formatted(run));
      var reset = api.post("/concurrency_limits/tag/" + tag + "/reset", "{'slot_override': null}");
      assertThat(reset.toString()).isEqualTo("200 null");
      assertThat(api.get("/concurrency_limits/tag/" + tag).json().path("active_slots")).isEmpty();
      assertThat(api.post(LEASE, body).status()).isEqualTo(200);
    }

    /** Whichever of the two the lease is named after. */
    @Test
    void are_given_back_on_other_limits_when_they_were_reset() {
      for (int reset = 0; reset < 2; reset++) {
        var both = List.of(tag + reset + "a", tag + reset + "b");
        both.forEach(
            each ->
                api.post(
                    "/concurrency_limits/",
                    "{'tag': '%s', 'concurrency_limit': 1}".formatted(each)));
        var id = leaseOf("tag:" + both.get(0), "tag:" + both.get(1)).text("lease_id");
        api.post("/concurrency_limits/tag/" + both.get(reset) + "/reset", "{}");
        assertThat(renew(id).status()).isEqualTo(410);
        assertThat(activeSlotsOf("tag:" + both.get(1 - reset))).isEqualTo(1);
        assertThat(giveBack(id).status()).isEqualTo(204);
        assertThat(activeSlotsOf("tag:" + both.get(reset))).isZero();
        assertThat(activeSlotsOf("tag:" + both.get(1 - reset))).isZero();
      }
    }

    @Test
    void take_their_leases_with_them_when_they_are_deleted() {
      createForTag(1);
      var id = leaseOf("tag:" + tag).text("lease_id");
      api.delete("/concurrency_limits/tag/" + tag);
      assertThat(renew(id).status()).isEqualTo(410);
      assertThat(giveBack(id).status()).isEqualTo(204);
    }

    @Test
    void are_deleted_once() {
      createForTag(1);
      assertThat(api.delete("/concurrency_limits/tag/" + tag).toString()).isEqualTo("200 null");
      assertThat(api.delete("/concurrency_limits/tag/" + tag).status()).isEqualTo(404);
      assertThat(api.get("/concurrency_limits/tag/" + tag).status()).isEqualTo(404);
    }
  }
}
