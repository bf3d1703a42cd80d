package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The example of a service with six threads and two printers")
class ExamplePrinterServiceTest {
  @Test
  void prints_all_invoices_and_never_more_than_two_at_once(@TempDir Path data) throws Exception {
    var result = ExamplePrinterService.run(data.resolve("sluice"));
    assertThat(result.printed()).isEqualTo(30);
    assertThat(result.peak()).isEqualTo(2);
    assertThat(result.held()).isZero();
  }
}
