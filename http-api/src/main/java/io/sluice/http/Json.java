package io.sluice.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** JSON as Prefect writes and reads it: snake case, UTC times with microseconds, seconds. */
public final class Json {
  /**
   * Objects and lists within each other that a text may have. What is deeper than 1000 cannot be
   * written, and Python's own reader gives up a little earlier; what is kept is answered within
   * other objects.
   */
  static final int DEPTH_MAX = 200;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(com.fasterxml.jackson.databind.SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .addModule(times())
          .build();

  private Json() {}

  /** {@code 2026-11-21T08:56:28.396766Z}. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** In UTF-8. */
  public static byte[] write(Object body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("cannot be written as JSON: " + body, bug);
    }
  }

  /** As text. */
  public static String text(Object body) {
    return new String(write(body), StandardCharsets.UTF_8);
  }

  /** As a tree, to be added to. */
  public static ObjectNode tree(Object body) {
    return MAPPER.valueToTree(body);
  }

  /**
   * Reads a text. Refused with {@link Invalid}: what is no JSON, is deeper than {@link #DEPTH_MAX},
   * or has a character that cannot be kept ({@link Texts}).
   */
  public static JsonNode read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, but characters that cannot be kept are replaced by U+FFFD. */
  public static JsonNode readMended(String text) {
    return readMended(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The body as JSON, {@code {}} if it is empty. */
  static JsonNode read(byte[] content) {
    var json = parse(content);
    if (!Texts.isWhole(json)) {
      throw Invalid.because(
          "string_unicode", "Texts must not hold NUL or half of a surrogate pair");
    }
    return json;
  }

  static JsonNode readMended(byte[] content) {
    return Texts.mended(parse(content));
  }

  private static JsonNode parse(byte[] content) {
    if (content.length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      return MAPPER.readTree(content);
    } catch (JsonProcessingException notJson) {
      throw notJson(content, notJson);
    } catch (IOException unreadable) {
      throw Invalid.because("json_invalid", "JSON decode error");
    }
  }

  private static Invalid notJson(byte[] content, JsonProcessingException why) {
    long at = why.getLocation() == null ? 0 : Math.max(0, why.getLocation().getByteOffset());
    // What follows says where the parser read it from, which is nothing to people.
    var words = why.getOriginalMessage().replaceFirst(" \\(start marker.*", "");
    var text = Texts.mended(new String(content, StandardCharsets.UTF_8));
    return Invalid.notJson(text, (int) Math.min(at, content.length), words);
  }

  private static SimpleModule times() {
    return new SimpleModule()
        .addSerializer(
            Instant.class,
            new JsonSerializer<>() {
              @Override
              public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
                  throws IOException {
                out.writeString(time(value));
              }
            })
        .addSerializer(
            Duration.class,
            new JsonSerializer<>() {
              @Override
              public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
                  throws IOException {
                // Not toNanos(): more than 292 years do not fit.
                out.writeNumber(value.getSeconds() + value.getNano() / 1e9);
              }
            });
  }
}
