package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.block.BlockSchemas.Typed;
import io.sluice.block.BlockType;
import io.sluice.block.WholeBlock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Wire shape of a block (Prefect 3.8.8, server/schemas/core.py BlockDocument). */
record BlockJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    JsonNode data,
    UUID blockSchemaId,
    SchemaJson blockSchema,
    UUID blockTypeId,
    String blockTypeName,
    BlockType blockType,
    Map<String, Reference> blockDocumentReferences,
    boolean isAnonymous) {

  /** BlockSchema. */
  record SchemaJson(
      UUID id,
      Instant created,
      Instant updated,
      String checksum,
      JsonNode fields,
      UUID blockTypeId,
      BlockType blockType,
      List<String> capabilities,
      String version) {

    static SchemaJson of(Typed typed) {
      var schema = typed.schema();
      return new SchemaJson(
          schema.id(),
          schema.created(),
          schema.updated(),
          schema.checksum(),
          schema.fields(),
          schema.blockTypeId(),
          typed.type(),
          schema.capabilities(),
          schema.version());
    }
  }

  /** A block in a field of another. */
  record Reference(Held blockDocument) {
    record Held(
        UUID id,
        String name,
        BlockType blockType,
        boolean isAnonymous,
        Map<String, Reference> blockDocumentReferences) {}

    static Map<String, Reference> all(Map<String, WholeBlock> blocks) {
      var references = new LinkedHashMap<String, Reference>();
      blocks.forEach(
          (field, block) ->
              references.put(
                  field,
                  new Reference(
                      new Held(
                          block.document().id(),
                          block.document().name(),
                          block.type(),
                          block.document().isAnonymous(),
                          all(block.references())))));
      return references;
    }
  }

  /**
   * @param withSecrets whether secrets are shown; otherwise asterisks stand for them
   */
  static BlockJson of(WholeBlock block, boolean withSecrets) {
    var document = block.document();
    return new BlockJson(
        document.id(),
        document.created(),
        document.updated(),
        document.name(),
        withSecrets ? block.data() : block.dataWithoutSecrets(),
        document.schemaId(),
        SchemaJson.of(new Typed(block.schema(), block.type())),
        document.typeId(),
        document.typeName(),
        block.type(),
        Reference.all(block.references()),
        document.isAnonymous());
  }
}
