package io.sluice.block;

import java.time.Instant;
import java.util.UUID;

/**
 * A kind of blocks.
 *
 * @param slug its unique name in addresses
 * @param isProtected whether the system needs it, so that it cannot be deleted
 */
public record BlockType(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    String slug,
    String logoUrl,
    String documentationUrl,
    String description,
    String codeExample,
    boolean isProtected) {

  /** What a client says of a type; absent parts are null. */
  public record Looks(
      String logoUrl, String documentationUrl, String description, String codeExample) {}

  BlockType with(Looks looks, boolean nowProtected, Instant now) {
    return new BlockType(
        id,
        created,
        now,
        name,
        slug,
        looks.logoUrl(),
        looks.documentationUrl(),
        looks.description(),
        looks.codeExample(),
        nowProtected);
  }

  public Looks looks() {
    return new Looks(logoUrl, documentationUrl, description, codeExample);
  }
}
