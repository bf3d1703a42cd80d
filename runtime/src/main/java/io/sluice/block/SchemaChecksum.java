package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The checksum by which clients recognize a schema that is there already. They compute it too, so
 * it has to come out the same to the bit (Prefect 3.8.8, blocks/core.py
 * Block._calculate_schema_checksum): SHA-256 over the fields as Python writes them, in the order of
 * their names, without {@code secret_fields} and without the definitions of other blocks.
 */
final class SchemaChecksum {
  private static final String SECRETS = "secret_fields";
  private static final String DEFINITIONS = "definitions";

  private SchemaChecksum() {}

  /** {@code sha256:…} */
  static String of(JsonNode fields) {
    var plain = (ObjectNode) withoutSecrets(fields);
    if (!plain.path(DEFINITIONS).isEmpty()) {
      var kept = Definitions.ofNoBlocks(plain, plain.get(DEFINITIONS));
      if (kept.isEmpty()) {
        plain.remove(DEFINITIONS);
      } else {
        plain.set(DEFINITIONS, kept);
      }
    }
    // What is hashed are the arguments of a call: one positional, none by name.
    return "sha256:" + sha256("[[" + PythonJson.write(plain) + "], {}]");
  }

  private static JsonNode withoutSecrets(JsonNode node) {
    if (!node.isObject()) {
      return node;
    }
    var copy = JsonNodeFactory.instance.objectNode();
    node.properties().stream()
        .filter(field -> !field.getKey().equals(SECRETS))
        .forEach(field -> copy.set(field.getKey(), withoutSecrets(field.getValue())));
    return copy;
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
