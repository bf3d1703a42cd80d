package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Creates a schema after those of the blocks in its fields, which clients send along as {@code
 * definitions} (Prefect 3.8.8, server/models/block_schemas.py _register_nested_block_schemas).
 */
record NewSchemas(DSLContext sql, Inserter inserter) {
  private static final String REFERENCES = "block_schema_references";
  private static final String DEFINITIONS = "definitions";

  /** Stores a schema whose checksum is known. */
  interface Inserter {
    BlockSchema insert(DSLContext sql, BlockSchema.Draft draft, String checksum);
  }

  /** Refused if the type of a block in its fields does not exist. */
  BlockSchema create(BlockSchema.Draft draft) {
    return create(draft, draft.fields().path(DEFINITIONS));
  }

  private BlockSchema create(BlockSchema.Draft draft, JsonNode definitions) {
    var full = (ObjectNode) draft.fields().deepCopy();
    if (!definitions.isEmpty()) {
      full.set(DEFINITIONS, definitions);
    }
    var checksum = SchemaChecksum.of(full);
    var known = BlockSchemas.find(sql, checksum, draft.version());
    if (known.isPresent()) {
      return known.get();
    }
    full.remove(DEFINITIONS);
    var references = children(full, definitions);
    var reachable = Definitions.reachable(full, definitions);
    full.set(REFERENCES, references);
    if (!reachable.isEmpty()) {
      full.set(DEFINITIONS, reachable);
    }
    return inserter.insert(
        sql,
        new BlockSchema.Draft(draft.blockTypeId(), full, draft.capabilities(), draft.version()),
        checksum);
  }

  /** The references of a schema, each with the checksum of the schema that is there. */
  private ObjectNode children(ObjectNode fields, JsonNode definitions) {
    var references = JsonNodeFactory.instance.objectNode();
    for (var reference : fields.path(REFERENCES).properties()) {
      var property = fields.path("properties").path(reference.getKey());
      var given = reference.getValue();
      if (given.isArray()) {
        var each = references.putArray(reference.getKey());
        given.forEach(one -> each.add(child(one, property, definitions)));
      } else {
        references.set(reference.getKey(), child(given, property, definitions));
      }
    }
    return references;
  }

  private ObjectNode child(JsonNode reference, JsonNode property, JsonNode definitions) {
    var slug = reference.path("block_type_slug").asText();
    var checksum = reference.path("block_schema_checksum").asText();
    var type =
        BlockTypes.find(sql, slug)
            .orElseThrow(() -> new Refused(new Rejection.UnknownBlockType(slug)));
    var schema =
        BlockSchemas.find(sql, checksum, null)
            .orElseGet(() -> create(draft(type, property, definitions), definitions));
    return JsonNodeFactory.instance
        .objectNode()
        .put("block_type_slug", slug)
        .put("block_schema_checksum", schema.checksum());
  }

  private static BlockSchema.Draft draft(BlockType type, JsonNode property, JsonNode definitions) {
    var definition = Definitions.ofBlock(property, definitions, type.slug());
    if (definition == null) {
      throw new Refused(
          new Rejection.BadBlock(
              "Unable to create nested block schema for block type '%s' due to missing definition."
                  .formatted(type.name())));
    }
    return new BlockSchema.Draft(type.id(), definition, List.of(), BlockSchema.NO_VERSION);
  }
}
