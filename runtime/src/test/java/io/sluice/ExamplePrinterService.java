package io.sluice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service with six threads and a resource that takes two at a time. Run by {@link
 * ExamplePrinterServiceTest}, so that it keeps working.
 */
public final class ExamplePrinterService {
  private static final int THREADS = 6;
  private static final int PRINTERS = 2;
  private static final int INVOICES = 30;

  /** The resource: notes how many use it at once. */
  static final class Printers {
    private final AtomicInteger printing = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private final AtomicInteger printed = new AtomicInteger();
    private final CountDownLatch bothWarm = new CountDownLatch(PRINTERS);

    /** Returns when the invoice is printed; the first ones take until all printers are warm. */
    void print(int invoice, Lease lease) throws InterruptedException {
      peak.accumulateAndGet(printing.incrementAndGet(), Math::max);
      bothWarm.countDown();
      boolean warm = bothWarm.await(30, TimeUnit.SECONDS);
      if (warm && lease.isHeld()) {
        printed.incrementAndGet();
      }
      printing.decrementAndGet();
    }
  }

  /**
   * @param printed how many invoices were printed
   * @param peak how many were printed at once at most
   * @param held slots that are taken after the work
   */
  public record Result(int printed, int peak, int held) {}

  private ExamplePrinterService() {}

  public static void main(String[] arguments) throws Exception {
    var result = run(Path.of(arguments[0]));
    System.out.printf("%d printed, %d at once at most%n", result.printed(), result.peak());
  }

  /** Prints {@value #INVOICES} invoices with {@value #THREADS} threads, two at a time. */
  public static Result run(Path dataDir) throws Exception {
    var printers = new Printers();
    try (var sluice = Sluice.embedded(dataDir)) {
      sluice.define(LimitDefinition.of("printer", PRINTERS));
      printAll(sluice, printers);
      int held = sluice.find("printer").orElseThrow().held();
      return new Result(printers.printed.get(), printers.peak.get(), held);
    }
  }

  private static void printAll(Sluice sluice, Printers printers)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      var all = new ArrayList<Future<?>>();
      for (int invoice = 1; invoice <= INVOICES; invoice++) {
        all.add(threads.submit(printing(sluice, printers, invoice)));
      }
      for (var one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Void> printing(Sluice sluice, Printers printers, int invoice) {
    return () -> {
      var request = LeaseRequest.of("printer").heldBy("invoice " + invoice);
      try (Lease lease = sluice.awaitLease(request, Duration.ofSeconds(30))) {
        printers.print(invoice, lease);
      }
      return null;
    };
  }
}
