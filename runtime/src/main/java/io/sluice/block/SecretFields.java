package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Hides the secrets of a block, and recognizes them when they come back hidden (Prefect 3.8.8,
 * server/schemas/core.py BlockDocument.from_orm_model and update_block_document). A path such as
 * {@code a.b} means everything at and below it; a last step {@code *} is the same as none. Prefect
 * shows a secret that is an object; here everything in it is hidden.
 */
final class SecretFields {
  /** What stands for a secret, however long that is. */
  static final String HIDDEN = "********";

  private SecretFields() {}

  /** A copy in which each secret is {@link #HIDDEN}; nulls stay. */
  static ObjectNode hide(ObjectNode data, List<String> paths) {
    var copy = data.deepCopy();
    paths.forEach(path -> visit(copy, null, steps(path), 0));
    return copy;
  }

  /**
   * A copy of an update in which each secret that is {@link #HIDDEN} is what it was: somebody sends
   * back what was shown.
   */
  static ObjectNode keep(ObjectNode update, ObjectNode before, List<String> paths) {
    var copy = update.deepCopy();
    paths.forEach(path -> visit(copy, before, steps(path), 0));
    return copy;
  }

  private static List<String> steps(String path) {
    var steps = new ArrayList<>(List.of(path.split("\\.")));
    int star = steps.indexOf("*");
    return star < 0 ? steps : steps.subList(0, star);
  }

  private static void visit(ObjectNode in, JsonNode before, List<String> steps, int at) {
    if (at == steps.size()) {
      leaves(in, before);
      return;
    }
    var step = steps.get(at);
    var value = in.get(step);
    var was = before == null ? null : before.path(step);
    if (value instanceof ObjectNode object) {
      visit(object, was, steps, at + 1);
    } else if (value != null && at == steps.size() - 1) {
      replace(in, step, was);
    }
  }

  private static void leaves(ObjectNode in, JsonNode before) {
    var names = new ArrayList<String>();
    in.fieldNames().forEachRemaining(names::add);
    for (var name : names) {
      var was = before == null ? null : before.path(name);
      if (in.get(name) instanceof ObjectNode object) {
        leaves(object, was);
      } else {
        replace(in, name, was);
      }
    }
  }

  /**
   * @param was null to hide; otherwise what takes the place of a hidden secret
   */
  private static void replace(ObjectNode in, String name, JsonNode was) {
    boolean hidden = in.get(name).isTextual() && in.get(name).textValue().equals(HIDDEN);
    if (was == null) {
      in.set(name, in.get(name).isNull() ? in.get(name) : TextNode.valueOf(HIDDEN));
    } else if (hidden && !was.isMissingNode()) {
      in.set(name, was.deepCopy());
    }
  }
}
