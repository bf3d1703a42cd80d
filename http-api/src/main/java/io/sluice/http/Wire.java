package io.sluice.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Between Pekko's requests and responses and Sluice's. */
final class Wire {
  private Wire() {}

  /** The decoded segments of the path; a slash at the end or a doubled one makes no difference. */
  static List<String> segments(HttpRequest request) {
    var segments = new ArrayList<String>();
    for (var segment : request.getUri().pathSegments()) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  static Map<String, List<String>> query(HttpRequest request) {
    if (request.getUri().rawQueryString().isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> query = new HashMap<>();
    for (var pair : request.getUri().query().toList()) {
      if (!Texts.isWhole(pair.second())) {
        throw Invalid.because("string_unicode", "A query parameter must not hold NUL");
      }
      query.computeIfAbsent(pair.first(), name -> new ArrayList<>()).add(pair.second());
    }
    return query;
  }

  static HttpResponse response(Answer answer) {
    var response = HttpResponse.create().withStatus(answer.status());
    if (!answer.headers().isEmpty()) {
      List<HttpHeader> headers = new ArrayList<>();
      answer.headers().forEach((name, value) -> headers.add(RawHeader.create(name, value)));
      response = response.withHeaders(headers);
    }
    if (answer.body() instanceof Answer.Text text) {
      return response.withEntity(
          HttpEntities.create(
              ContentTypes.parse(text.type()), text.text().getBytes(StandardCharsets.UTF_8)));
    }
    if (answer.body() instanceof Answer.Parts parts) {
      return response.withEntity(entity(parts));
    }
    return answer.body() == Answer.EMPTY
        ? response
        : response.withEntity(ContentTypes.APPLICATION_JSON, Json.write(answer.body()));
  }

  /** Sent as it is asked for: a client that reads slowly has the next part wait. */
  private static HttpEntity.Chunked entity(Answer.Parts parts) {
    var bytes =
        Source.unfoldAsync(
                "",
                unused -> parts.next().get().thenApply(next -> next.map(p -> Pair.create("", p))))
            .map(ByteString::fromString);
    return HttpEntities.createChunked(ContentTypes.parse(parts.type()), bytes);
  }
}
