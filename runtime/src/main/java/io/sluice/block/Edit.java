package io.sluice.block;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a block holds after a change. Prefect forgets the blocks in fields that a merging change
 * does not name; here they stay, like values.
 *
 * @param data values
 * @param held blocks by field
 * @param fresh those of them that the change names
 */
record Edit(ObjectNode data, Map<String, UUID> held, Map<String, UUID> fresh) {

  static Edit of(
      ObjectNode before,
      Map<String, UUID> heldBefore,
      BlockDocument.Change change,
      List<String> secretFields) {
    if (change.data() == null) {
      return new Edit(before, heldBefore, Map.of());
    }
    var said = References.of(change.data());
    var plain = SecretFields.keep(said.plain(), before, secretFields);
    if (!change.merge()) {
      return new Edit(plain, said.blocks(), said.blocks());
    }
    var data = before.deepCopy();
    data.remove(said.blocks().keySet());
    data.setAll(plain);
    var held = new LinkedHashMap<>(heldBefore);
    plain.fieldNames().forEachRemaining(held::remove);
    held.putAll(said.blocks());
    return new Edit(data, held, said.blocks());
  }
}
