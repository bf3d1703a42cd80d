package io.sluice.block;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A block: values under a name that is unique in its type.
 *
 * @param data the values, secrets included; fields that hold other blocks are not in it
 * @param isAnonymous whether a client made it for itself, without a name of its own
 */
public record BlockDocument(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    UUID typeId,
    String typeName,
    UUID schemaId,
    boolean isAnonymous,
    ObjectNode data) {

  /** What a client says of a new block. */
  public record Draft(
      String name, UUID typeId, UUID schemaId, boolean isAnonymous, ObjectNode data) {}

  /**
   * What a client changes.
   *
   * @param schemaId null to keep it
   * @param data null to keep it
   * @param merge whether fields that are not in {@code data} stay
   */
  public record Change(UUID schemaId, ObjectNode data, boolean merge) {}

  BlockDocument with(UUID newSchema, ObjectNode newData, Instant now) {
    return new BlockDocument(
        id, created, now, name, typeId, typeName, newSchema, isAnonymous, newData);
  }

  /** Never its values. */
  @Override
  public String toString() {
    return "block %s '%s' of type '%s'".formatted(id, name, typeName);
  }
}
