package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A client that gets in touch")
@ExtendWith(SharedNode.class)
class SystemRoutesTest {
  private final Asker api;

  SystemRoutesTest(Asker api) {
    this.api = api;
  }

  @Test
  void learns_that_the_node_is_well_and_what_it_speaks() {
    assertThat(api.get("/health").toString()).isEqualTo("200 true");
    assertThat(api.get("/ready").toString()).isEqualTo("200 {\"message\":\"OK\"}");
    assertThat(api.get("/version").toString()).isEqualTo("200 \"0.8.4\"");
    assertThat(api.get("/admin/version").toString()).isEqualTo("200 \"3.8.8\"");
    assertThat(api.get("/admin/storage").toString())
        .isEqualTo("200 {\"default_result_storage_block_id\":null}");
  }

  /** Its client compares these very words and never asks again. */
  @Test
  void is_told_that_it_needs_no_csrf_token() {
    assertThat(api.get("/csrf-token?client=a5bd1f42-0000-4000-8000-00000000beef").toString())
        .isEqualTo("422 {\"detail\":\"CSRF protection is disabled.\"}");
  }

  @Test
  void is_refused_if_it_speaks_an_older_api() {
    assertThat(version("0.8.0").status()).isEqualTo(200);
    assertThat(version("1.0.0").status()).isEqualTo(200);
    assertThat(version("0.7.9").toString())
        .startsWith("400 ")
        .contains("0.7.9", "requires version 0.8.0 or higher.");
    assertThat(version("new").toString()).startsWith("400 ").contains("'x.y.z'");
  }

  private Asker.Reply version(String version) {
    return api.with("X-PREFECT-API-VERSION", version).get("/health");
  }

  @Test
  void finds_no_route_where_there_is_none() {
    assertThat(api.get("/nothing").toString()).isEqualTo("404 {\"detail\":\"Not Found\"}");
    assertThat(api.get("/flows/not-an-id").toString()).isEqualTo("404 {\"detail\":\"Not Found\"}");
    assertThat(api.patch("/health", "{}").toString())
        .isEqualTo("405 {\"detail\":\"Method Not Allowed\"}");
  }

  @Test
  void finds_the_types_of_workers_it_may_choose_from() {
    var views = api.get("/collections/views/aggregate-worker-metadata");
    assertThat(views.status()).isEqualTo(200);
    for (var type : new String[] {"process", "docker", "kubernetes", "ecs"}) {
      assertThat(views.json().findValue(type)).as(type).isNotNull();
      assertThat(views.json().findValue(type).path("default_base_job_configuration").properties())
          .extracting(java.util.Map.Entry::getKey)
          .containsExactlyInAnyOrder("job_configuration", "variables");
    }
  }

  @Test
  void finds_no_automations_where_none_were_made() {
    assertThat(api.delete("/automations/owned-by/prefect.deployment.x").status()).isEqualTo(202);
    assertThat(api.get("/automations/related-to/prefect.deployment.x").toString())
        .isEqualTo("200 []");
  }

  @Test
  void reads_settings_in_the_groups_of_prefect_and_no_secret() {
    var settings = api.get("/admin/settings").json();
    assertThat(settings.at("/server/api/default_limit").asInt()).isEqualTo(200);
    assertThat(settings.at("/server/events/retention_period").asText()).isEqualTo("PT168H");
    assertThat(settings.at("/server/ephemeral/enabled").asBoolean(true)).isFalse();
    assertThat(settings.at("/server/database").has("connection_url")).isFalse();
    assertThat(settings.toString()).doesNotContain("jdbc:", "encryption");
  }
}
