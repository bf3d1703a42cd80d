package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The settings of an embedded node")
class NodeSettingsTest {
  @TempDir Path temp;

  private static NodeSettings given(String options) {
    return NodeSettings.embedded(ConfigFactory.parseString(options), Optional.empty());
  }

  private NodeSettings file(String content, Config options) throws IOException {
    var file = Files.writeString(temp.resolve("my.conf"), content);
    return NodeSettings.embedded(options, Optional.of(file));
  }

  private Failure refused(String content) {
    return catchThrowableOfType(Failure.class, () -> file(content, ConfigFactory.empty()));
  }

  @Test
  void put_an_h2_file_in_the_data_directory_that_loses_no_commit_of_a_killed_process() {
    var settings = given("sluice.data-dir = " + temp);
    assertThat(settings.storeUrl())
        .startsWith("jdbc:h2:file:%s/sluice;DB_CLOSE_ON_EXIT=FALSE".formatted(temp));
    assertThat(settings.databaseInDataDir()).contains(temp.resolve("sluice.mv.db"));
    assertThat(settings.dataName()).isEqualTo(temp.toString());
  }

  @Test
  void bound_what_the_database_keeps_on_the_heap() throws SQLException {
    assertThat(pageCacheMib("")).isEqualTo(16);
    assertThat(pageCacheMib("\nsluice.store.page-cache-kib = 2048")).isEqualTo(2);
  }

  private int pageCacheMib(String option) throws SQLException {
    var url = given("sluice.data-dir = " + temp + option).storeUrl();
    try (var connection = DriverManager.getConnection(url);
        var answer =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT setting_value FROM information_schema.settings"
                        + " WHERE setting_name = 'info.CACHE_MAX_SIZE'")) {
      assertThat(answer.next()).isTrue();
      return answer.getInt(1);
    }
  }

  @Test
  void keep_the_cluster_port_on_this_machine() {
    var artery = given("").config().getConfig("pekko.remote.artery.canonical");
    assertThat(artery.getString("hostname")).isEqualTo("127.0.0.1");
    assertThat(artery.getInt("port")).isZero();
  }

  @Test
  void stop_before_a_container_runtime_kills() {
    var settings = given("");
    assertThat(settings.drainWithin().plus(settings.stopWithin()).plusSeconds(1))
        .isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void make_a_relative_data_directory_absolute() {
    assertThat(given("sluice.data-dir = some/./where").dataDir().orElseThrow())
        .isEqualTo(Path.of("some/where").toAbsolutePath());
  }

  @Test
  void refuse_a_data_directory_that_h2_would_take_for_settings() {
    var refused =
        catchThrowableOfType(
            Failure.class, () -> given("sluice.data-dir = \"/tmp/a;INIT=RUNSCRIPT\""));
    assertThat(refused).hasMessageContaining("contains a ';'");
    assertThat(catchThrowableOfType(Failure.class, () -> given("sluice.data-dir = \"\"")))
        .hasMessageContaining("is empty");
  }

  @Test
  void take_a_file_over_the_profile_and_options_over_the_file() throws IOException {
    var content = "sluice.server { host = 0.0.0.0, port = 5000 }\nsluice.limit.line-max = 7";
    var settings = file(content, ConfigFactory.parseString("sluice.server.port = 6000"));
    assertThat(settings.address()).isEqualTo(new Address("0.0.0.0", 6000));
    assertThat(settings.config().getInt("sluice.limit.line-max")).isEqualTo(7);
  }

  @Test
  void let_a_file_name_another_store_without_showing_its_password() throws IOException {
    var settings =
        file(
            "sluice.store.url = \"jdbc:postgresql://db/sluice?user=me&password=secret\"",
            ConfigFactory.empty());
    assertThat(settings.databaseInDataDir()).isEmpty();
    assertThat(settings.dataName()).isEqualTo("jdbc:postgresql://db/sluice");
  }

  @Test
  void refuse_a_setting_that_does_not_exist_and_name_the_nearest() {
    var refused = refused("sluice.store.queue-maximum = 5\npekko.loglevel = INFO");
    assertThat(refused).hasMessage("There is no setting sluice.store.queue-maximum.");
    assertThat(refused.next()).isEqualTo("Did you mean sluice.store.queue-max?");
  }

  @Test
  void refuse_a_file_with_its_name_and_line() {
    assertThat(refused("a = 1\nb = {")).hasMessageContaining("my.conf: 2");
    assertThat(refused("\nsluice.server.port = many")).hasMessageContaining("my.conf: 2");
    assertThat(refused("sluice.server.port = 65536")).hasMessageContaining("65536");
  }

  @Test
  void refuse_a_file_that_is_not_there() {
    var none = Optional.of(temp.resolve("none.conf"));
    assertThat(
            catchThrowableOfType(
                Failure.class, () -> NodeSettings.embedded(ConfigFactory.empty(), none)))
        .hasMessageContaining("none.conf of --config cannot be read");
  }
}
