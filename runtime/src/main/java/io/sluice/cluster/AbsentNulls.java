package io.sluice.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.module.SimpleModule;

/**
 * Keeps "no JSON" apart from the JSON value {@code null} on the wire: a component of type {@link
 * JsonNode} that is null is left out and arrives as null. Written as {@code null} it would arrive
 * as a node. Named in {@code sluice-pekko.conf}.
 */
public final class AbsentNulls extends SimpleModule {
  private static final long serialVersionUID = 1L;

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context
        .configOverride(JsonNode.class)
        .setIncludeAsProperty(JsonInclude.Value.construct(Include.NON_NULL, Include.ALWAYS));
  }
}
