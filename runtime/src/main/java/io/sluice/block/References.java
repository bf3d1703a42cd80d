package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The values of a block apart from the fields that hold other blocks, which are sent as {@code
 * {"$ref": {"block_document_id": …}}} (Prefect 3.8.8, models/block_documents.py: at the top only).
 *
 * @param blocks ids by field
 */
public record References(ObjectNode plain, Map<String, UUID> blocks) {
  private static final String REF = "$ref";

  /** Whether a value stands for that of a block. */
  public static boolean isOne(JsonNode value) {
    return value.isObject() && value.has(REF);
  }

  /** The id of the block that such a value stands for, as it is spelled; empty if it has none. */
  public static Optional<String> blockIn(JsonNode value) {
    return Optional.ofNullable(value.path(REF).get("block_document_id"))
        .filter(id -> !id.isNull())
        .map(JsonNode::asText);
  }

  /** Refused if a field refers to a block without saying which. */
  static References of(ObjectNode data) {
    var plain = JsonNodeFactory.instance.objectNode();
    var blocks = new LinkedHashMap<String, UUID>();
    for (var field : data.properties()) {
      if (isOne(field.getValue())) {
        var id = blockIn(field.getValue()).orElse("");
        blocks.put(field.getKey(), id(field.getKey(), id));
      } else {
        plain.set(field.getKey(), field.getValue());
      }
    }
    return new References(plain, blocks);
  }

  private static UUID id(String field, String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException none) {
      throw new Refused(
          new Rejection.BadBlock(
              "Received block reference without a block_document_id in key " + field));
    }
  }
}
