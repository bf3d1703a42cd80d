package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The journal")
class JournalSettingsTest {

  /** Pekko's own 30 and 60 s were 40 s without a grant after the database was back. */
  @Test
  void lets_owners_come_back_soon_after_the_database_is() {
    for (var plugin : List.of("jdbc-journal", "jdbc-snapshot-store")) {
      var config = SluiceConfig.over(ConfigFactory.empty()).getConfig(plugin);
      assertThat(config.getDuration("circuit-breaker.reset-timeout"))
          .as(plugin)
          .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }
}
