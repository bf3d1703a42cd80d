package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.limit.Fencing;
import io.sluice.limit.Limits;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Whether the holder of a slot still holds it, for resources that want to check before they let it
 * write: Sluice's own, Prefect has nothing like it. Who is granted a lease is told its tokens in a
 * header.
 */
final class FencingRoutes {
  /** {@code <limit id>=<token>} for each limit of the lease, separated by commas. */
  static final String TOKENS = "Sluice-Fencing-Tokens";

  private final Limits limits;

  FencingRoutes(Limits limits) {
    this.limits = limits;
  }

  void addTo(Router router) {
    router.get("/sluice/limits/{id_or_name}/fencing/{token}", this::check);
  }

  static String header(Map<UUID, Long> tokens) {
    return tokens.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(token -> token.getKey() + "=" + token.getValue())
        .collect(Collectors.joining(", "));
  }

  /**
   * @param holds whether the lease that was granted with this token still holds its slots
   * @param newestToken of the latest grant; a resource that has seen a higher one than {@code
   *     token} refuses it even if both hold
   */
  private record Check(UUID limitId, String name, long token, boolean holds, long newestToken) {
    static Check of(Fencing fencing) {
      return new Check(
          fencing.limit(), fencing.name(), fencing.token(), fencing.holds(), fencing.newest());
    }
  }

  private CompletableFuture<Answer> check(Call call) {
    var token = token(call.parameter("token"));
    if (token.isEmpty()) {
      return CompletableFuture.completedFuture(Answer.detail(404, "A token is a number."));
    }
    var idOrName = call.parameter("id_or_name");
    return Call.uuid(idOrName)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> limits.get(idOrName).thenApply(limit -> limit.id()))
        .thenCompose(id -> limits.fencing(id, token.getAsLong()))
        .thenApply(fencing -> Answer.ok(Check.of(fencing)));
  }

  private static OptionalLong token(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException none) {
      return OptionalLong.empty();
    }
  }
}
