package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.StringJoiner;

/**
 * JSON as {@code json.dumps(…, sort_keys=True)} of Python 3 writes it: {@code ", "} and {@code ":
 * "} between, ASCII only, numbers as Python's {@code repr}.
 */
final class PythonJson {
  /** Python writes an exponent below 1e-4 and from 1e16. */
  private static final int EXPONENT_MIN = -4;

  private static final int EXPONENT_MAX = 16;

  private PythonJson() {}

  static String write(JsonNode node) {
    if (node.isObject()) {
      var names = new ArrayList<String>();
      node.fieldNames().forEachRemaining(names::add);
      names.sort(null);
      var object = new StringJoiner(", ", "{", "}");
      names.forEach(name -> object.add(quoted(name) + ": " + write(node.get(name))));
      return object.toString();
    } else if (node.isArray()) {
      var array = new StringJoiner(", ", "[", "]");
      node.forEach(item -> array.add(write(item)));
      return array.toString();
    } else if (node.isTextual()) {
      return quoted(node.textValue());
    } else if (node.isFloatingPointNumber()) {
      return real(node.doubleValue());
    }
    return node.asText();
  }

  private static String real(double number) {
    var digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    } else if (exponent >= EXPONENT_MIN && exponent < EXPONENT_MAX) {
      var plain = digits.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    var unscaled = digits.unscaledValue().abs().toString();
    var fraction = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
    return "%s%s%se%s%02d"
        .formatted(
            number < 0 ? "-" : "",
            unscaled.charAt(0),
            fraction,
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\f' -> quoted.append("\\f");
        case '\b' -> quoted.append("\\b");
        default -> {
          if (c >= ' ' && c <= '~') {
            quoted.append(c);
          } else {
            quoted.append("\\u%04x".formatted((int) c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
