package io.sluice.prefect;

import io.sluice.filter.Listed;
import io.sluice.filter.Listings;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One page of a listing with the number of all (Prefect 3.8.8, the PaginationResponses of
 * server/schemas/responses.py).
 */
record Paginated<J>(List<J> results, int count, int limit, int pages, int page) {

  static <T, J> CompletableFuture<Answer> answer(
      Listings listings,
      Query query,
      String sort,
      PageNumber page,
      Listed<T> listed,
      Function<List<T>, CompletableFuture<List<J>>> shown) {
    return listings
        .list(query, sort, page.limit(), page.offset(), listed)
        .thenCompose(shown)
        .thenCombine(
            listings.count(query),
            (results, count) ->
                Answer.ok(
                    new Paginated<>(results, count, page.limit(), page.pages(count), page.page())));
  }
}
