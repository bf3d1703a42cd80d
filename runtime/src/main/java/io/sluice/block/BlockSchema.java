package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The fields that blocks of a type have, in one of its versions.
 *
 * @param checksum of the fields, see {@link SchemaChecksum}; unique together with the version
 * @param fields a JSON schema with Prefect's extensions
 */
public record BlockSchema(
    UUID id,
    Instant created,
    Instant updated,
    String checksum,
    JsonNode fields,
    UUID blockTypeId,
    List<String> capabilities,
    String version) {

  /** The version of schemas that name none (Prefect 3.8.8, DEFAULT_BLOCK_SCHEMA_VERSION). */
  public static final String NO_VERSION = "non-versioned";

  /** What a client says of a new schema. */
  public record Draft(
      UUID blockTypeId, JsonNode fields, List<String> capabilities, String version) {}

  /** Paths of the fields that hold secrets; a path may end in {@code *}. */
  public List<String> secretFields() {
    var paths = new ArrayList<String>();
    fields.path("secret_fields").forEach(path -> paths.add(path.asText()));
    return paths;
  }
}
