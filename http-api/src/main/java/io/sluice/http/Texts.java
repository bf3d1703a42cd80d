package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which texts can be kept: PostgreSQL takes no NUL, and half of a surrogate pair is no UTF-8, so
 * that what is stored would be another text than the one that was answered.
 */
final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /** Whether a text is free of NUL and of halves of surrogate pairs. */
  static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      } else if (Character.isSurrogate(c)) {
        if (!isPair(text, i)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }

  /** Whether all texts and names within are whole. */
  static boolean isWhole(JsonNode json) {
    if (json.isTextual()) {
      return isWhole(json.textValue());
    }
    for (var field : json.properties()) {
      if (!isWhole(field.getKey()) || !isWhole(field.getValue())) {
        return false;
      }
    }
    if (json.isArray()) {
      for (var item : json) {
        if (!isWhole(item)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The same with U+FFFD in place of each character that cannot be kept. */
  static String mended(String text) {
    if (isWhole(text)) {
      return text;
    }
    var mended = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c) && isPair(text, i)) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        mended.setCharAt(i, REPLACEMENT);
      }
    }
    return mended.toString();
  }

  /** The same with all texts and names within mended. */
  static JsonNode mended(JsonNode json) {
    if (isWhole(json)) {
      return json;
    } else if (json.isTextual()) {
      return JsonNodeFactory.instance.textNode(mended(json.textValue()));
    } else if (json.isArray()) {
      var mended = new ArrayNode(JsonNodeFactory.instance, json.size());
      json.forEach(item -> mended.add(mended(item)));
      return mended;
    }
    var mended = new ObjectNode(JsonNodeFactory.instance);
    json.properties().forEach(f -> mended.set(mended(f.getKey()), mended(f.getValue())));
    return mended;
  }
}
