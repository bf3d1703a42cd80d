package io.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TogetherTest {
  @Test
  void resultsComeInTheOrderOfTheQuestions() {
    var slow = new CompletableFuture<String>();
    var all = Together.all(List.of(slow, CompletableFuture.completedFuture("second")));
    slow.complete("first");
    assertEquals(List.of("first", "second"), all.join());
  }

  @Test
  void aFailureIsToldWhenNothingIsUnderWayAnyMore() {
    var failed = CompletableFuture.<String>failedFuture(new IllegalStateException("owner gone"));
    var slow = new CompletableFuture<String>();
    var all = Together.all(List.of(failed, slow));
    assertFalse(all.isDone());
    slow.complete("late");
    assertTrue(all.isCompletedExceptionally());
    var failure = assertThrows(CompletionException.class, all::join);
    assertEquals("owner gone", failure.getCause().getMessage());
  }

  @Test
  void eachKeyIsAskedOnce() {
    var asked = new ArrayList<String>();
    var results =
        Together.each(
                List.of("b", "a", "b"),
                key -> {
                  asked.add(key);
                  return CompletableFuture.completedFuture(key + key);
                })
            .join();
    assertEquals(List.of("b", "a"), asked);
    assertEquals(List.of("bb", "aa"), List.copyOf(results.values()));
  }

  @Test
  void nothingAskedIsDoneAtOnce() {
    assertTrue(Together.done(List.of()).isDone());
    assertEquals(List.of(), Together.all(List.<CompletableFuture<String>>of()).join());
  }
}
