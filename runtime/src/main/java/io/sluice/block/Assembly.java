package io.sluice.block;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/** Puts blocks together with their types, their schemas and the blocks that their fields hold. */
record Assembly(
    Map<UUID, BlockDocument> blocks,
    Map<UUID, Map<String, UUID>> references,
    Map<UUID, BlockType> types,
    Map<UUID, BlockSchema> schemas) {

  /** In the order given. Blocks whose type or schema is gone in the meantime are left out. */
  static List<WholeBlock> of(DSLContext sql, BlockRows rows, List<BlockDocument> roots) {
    var blocks = new HashMap<UUID, BlockDocument>();
    roots.forEach(root -> blocks.put(root.id(), root));
    var references = new HashMap<UUID, Map<String, UUID>>();
    var fresh = new HashSet<>(blocks.keySet());
    while (!fresh.isEmpty()) {
      var found = BlockRows.references(sql, fresh);
      references.putAll(found);
      fresh.clear();
      found.values().forEach(held -> fresh.addAll(held.values()));
      fresh.removeAll(blocks.keySet());
      blocks.putAll(rows.byId(sql, fresh));
    }
    var all = blocks.values();
    var assembly =
        new Assembly(
            blocks,
            references,
            BlockTypes.byId(sql, all.stream().map(BlockDocument::typeId).toList()),
            BlockSchemas.byId(sql, all.stream().map(BlockDocument::schemaId).toList()));
    return roots.stream().filter(assembly::isWhole).map(assembly::whole).toList();
  }

  private boolean isWhole(BlockDocument block) {
    return types.containsKey(block.typeId()) && schemas.containsKey(block.schemaId());
  }

  private WholeBlock whole(BlockDocument block) {
    var held = new LinkedHashMap<String, WholeBlock>();
    references
        .getOrDefault(block.id(), Map.of())
        .forEach(
            (field, id) -> {
              var other = blocks.get(id);
              if (other != null && isWhole(other)) {
                held.put(field, whole(other));
              }
            });
    return new WholeBlock(block, types.get(block.typeId()), schemas.get(block.schemaId()), held);
  }
}
