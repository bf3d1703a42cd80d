package io.sluice.block;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A block with its type, its schema and the blocks that its fields hold.
 *
 * @param references by the field that holds them
 */
public record WholeBlock(
    BlockDocument document,
    BlockType type,
    BlockSchema schema,
    Map<String, WholeBlock> references) {

  /** All values; fields that hold other blocks have those blocks' values. */
  public ObjectNode data() {
    var data = document.data().deepCopy();
    references.forEach((field, block) -> data.set(field, block.data()));
    return data;
  }

  /** The same with {@link SecretFields#HIDDEN} for each secret. */
  public ObjectNode dataWithoutSecrets() {
    var data = SecretFields.hide(document.data(), schema.secretFields());
    references.forEach((field, block) -> data.set(field, block.dataWithoutSecrets()));
    return data;
  }
}
