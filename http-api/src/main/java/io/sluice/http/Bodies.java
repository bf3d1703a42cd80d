package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Invalid.Error;
import java.util.ArrayList;
import java.util.List;

/** The objects of a body that is a list. */
public final class Bodies {
  private Bodies() {}

  /** Each object by itself; {@link #end} refuses what is wrong in any. */
  static List<Body> of(JsonNode json) {
    var errors = new ArrayList<Error>();
    if (!json.isArray()) {
      var fault = Fault.NO_LIST;
      errors.add(new Error(fault.type(), List.of("body"), fault.message(), json, fault.ctx()));
      throw new Invalid(errors, json);
    }
    var bodies = new ArrayList<Body>();
    for (int i = 0; i < json.size(); i++) {
      bodies.add(Body.item(json, i, errors));
    }
    return bodies;
  }

  /** Refuses the request if anything read was wrong, or if there are fields nobody asked for. */
  public static void end(List<Body> bodies) {
    bodies.forEach(Body::endNested);
    endKnown(bodies);
  }

  /** The same, but fields that nobody asked for are let pass. */
  public static void endKnown(List<Body> bodies) {
    if (!bodies.isEmpty()) {
      bodies.get(0).refuseAll();
    }
  }
}
