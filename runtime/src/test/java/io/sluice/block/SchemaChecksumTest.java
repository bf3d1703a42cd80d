package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.store.Docs;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The expected values are what Prefect 3.8.8 computes for these fields. */
@DisplayName("The checksum of a schema")
class SchemaChecksumTest {
  private static String checksum(String fields) {
    return SchemaChecksum.of(Docs.read(fields.replace('\'', '"'), JsonNode.class));
  }

  @Test
  void is_that_of_prefect_for_no_fields() {
    assertThat(checksum("{}"))
        .isEqualTo("sha256:f8e6e96abbc38504d4e9c99fc57281fa0026bede1fa42db79f22f984501710f4");
  }

  @Test
  void leaves_out_which_fields_are_secret_except_in_lists() {
    var fields =
        "{'z': [{'secret_fields': ['kept in lists']}], 'secret_fields': ['x'],"
            + " 'p': {'secret_fields': ['y'], 'q': 1}}";
    assertThat(checksum(fields))
        .isEqualTo("sha256:bc40ca0d81779e5eb1c2aa147f3d6d8c667366b08eb27923424df2ca59299440");
  }

  @Test
  void leaves_out_definitions_of_blocks_and_those_that_nothing_refers_to() {
    var fields =
        "{'properties': {'x': {'$ref': '#/definitions/A'}}, 'definitions':"
            + " {'A': {'$ref': '#/definitions/B', 'q': 1}, 'B': {'block_type_slug': 'b'},"
            + " 'C': {'never': 1}}}";
    assertThat(checksum(fields))
        .isEqualTo("sha256:720ac96af3e9daa3ae0fad3fb3b378758c7bc22d3c7591fd1a60a8fd54483584");
  }

  @Test
  void writes_numbers_and_texts_as_python_does() {
    var fields =
        "{'a':0.1,'b':1e16,'c':123456789012345.0,'d':-2.5e-9,'e':1.5e300,'f':-0.0,'g':100,"
            + "'h':12345678901234567890,'i':true,'j':null,"
            + "'k':'\\u007f\\u2028\\\"\\\\/\\ud83d\\ude00\\n\\t\\u0001'}";
    assertThat(checksum(fields))
        .isEqualTo("sha256:a531c396d0c58639950a745c58943f8ba5902fe8b9371d74624dc2591a92becd");
  }

  @Test
  void is_the_same_whatever_the_order_of_the_fields() {
    assertThat(checksum("{'a': {'c': 1, 'b': 2}, 'x': 3}"))
        .isEqualTo(checksum("{'x': 3, 'a': {'b': 2, 'c': 1}}"))
        .isNotEqualTo(checksum("{'x': 3, 'a': {'b': 1, 'c': 2}}"));
  }
}
