package io.sluice.block;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The values of a block apart from the fields that hold other blocks, which are sent as {@code
 * {"$ref": {"block_document_id": …}}} (Prefect 3.8.8, models/block_documents.py: at the top only).
 *
 * @param blocks ids by field
 */
record References(ObjectNode plain, Map<String, UUID> blocks) {

  /** Refused if a field refers to a block without saying which. */
  static References of(ObjectNode data) {
    var plain = JsonNodeFactory.instance.objectNode();
    var blocks = new LinkedHashMap<String, UUID>();
    for (var field : data.properties()) {
      if (field.getValue().isObject() && field.getValue().has("$ref")) {
        var id = field.getValue().path("$ref").path("block_document_id").asText("");
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
