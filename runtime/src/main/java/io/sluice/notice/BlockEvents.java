package io.sluice.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.block.BlockType;
import io.sluice.block.BlockWatch;
import io.sluice.block.WholeBlock;
import io.sluice.event.Events;
import java.util.List;

/**
 * Says that a type of blocks or a block was created, changed or deleted, and what it is; of
 * anonymous blocks nothing is said (Prefect 3.8.8, events/schemas/lifecycle.py and
 * models/block_documents.py).
 */
public final class BlockEvents implements BlockWatch {
  private static final String TYPE = "block-type";

  private final Tell types;
  private final Tell blocks;

  public BlockEvents(Events events) {
    this.types = new Tell(events, TYPE);
    this.blocks = new Tell(events, "block-document");
  }

  @Override
  public void type(Change change, BlockType type) {
    var payload =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", type.name())
            .put("slug", type.slug())
            .put("logo_url", type.logoUrl())
            .put("documentation_url", type.documentationUrl())
            .put("description", type.description())
            .put("code_example", type.codeExample())
            .put("is_protected", type.isProtected());
    types.that(Tell.kebab(change), types.resource(type.id(), type.name()), List.of(), payload);
  }

  @Override
  public void block(Change change, WholeBlock block) {
    var document = block.document();
    if (document.isAnonymous()) {
      return;
    }
    var related =
        List.of(
            Other.named(TYPE, block.type().id(), block.type().name()),
            Other.related("prefect.block-schema." + document.schemaId(), "block-schema"));
    blocks.that(
        Tell.kebab(change),
        blocks.resource(document.id(), document.name()),
        related,
        payload(block));
  }

  private static ObjectNode payload(WholeBlock block) {
    var payload = JsonNodeFactory.instance.objectNode().put("name", block.document().name());
    payload.set("data", texts(block));
    var schema = payload.putObject("block_schema");
    var capabilities = schema.putArray("capabilities");
    block.schema().capabilities().forEach(capabilities::add);
    schema
        .putObject("block_type")
        .put("id", block.type().id().toString())
        .put("name", block.type().name());
    return payload;
  }

  /** Only texts, and none that is secret or within something. */
  private static ObjectNode texts(WholeBlock block) {
    var secret = block.schema().secretFields();
    var texts = JsonNodeFactory.instance.objectNode();
    for (var field : block.document().data().properties()) {
      if (field.getValue().isTextual() && !secret.contains(field.getKey())) {
        texts.set(field.getKey(), field.getValue());
      }
    }
    return texts;
  }
}
