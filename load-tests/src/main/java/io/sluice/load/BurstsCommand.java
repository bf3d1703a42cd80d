package io.sluice.load;

import io.sluice.load.BurstPlan.LimitOn;
import io.sluice.load.compare.CompareOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sluice-load deployment-burst}, {@code pool-burst} and {@code queue-burst}: the same burst,
 * with the limit in three places.
 */
@Command(
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nOn the server's machine, run this with java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC:",
      "it then takes less than half of the processor time, which the server needs."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all runs ended on A, the limit was kept",
      "1:they did not, or it was not, or a server could not be used",
      "2:wrong usage"
    })
abstract class BurstsCommand implements Callable<Integer> {
  private static final int VARIANTS_MAX = 10;

  @Option(
      names = "--workers",
      paramLabel = "N,…",
      split = ",",
      defaultValue = "1",
      description = {
        "Simulated workers, 1 to 50, with 16 connections each; a variant for each number, at most",
        "10, e.g. 1,3,10. Default: ${DEFAULT-VALUE}."
      })
  private List<Integer> workers;

  @Mixin private BurstOptions options;
  @Mixin private CompareOptions compare;

  private final String workload;
  private final LimitOn limitOn;

  BurstsCommand(String workload, LimitOn limitOn) {
    this.workload = workload;
    this.limitOn = limitOn;
  }

  @Override
  public Integer call() {
    compare.within("--workers: variants", workers.size(), VARIANTS_MAX);
    var variants = new ArrayList<BurstWorkload>();
    for (int number : workers.stream().distinct().toList()) {
      Function<URI, BurstPlan> plan = api -> options.plan(api, number, limitOn);
      // Options out of bounds are refused before any server is asked.
      var name = name(plan.apply(URI.create("http://127.0.0.1/api")));
      variants.add(new BurstWorkload(name, plan));
    }
    return compare.compare(workload, variants);
  }

  private static String name(BurstPlan plan) {
    return String.format(
        Locale.ROOT,
        "%druns-limit%d-%dms-%dworkers-poll%ss%s",
        plan.runs(),
        plan.limit(),
        plan.hold().toMillis(),
        plan.workers(),
        Durations.seconds(plan.poll()),
        plan.full() ? "-full" : "");
  }

  /** The limit is the deployment's. */
  @Command(
      name = "deployment-burst",
      description = {
        "Creates runs of a deployment with a concurrency limit, all at once, and runs them as",
        "Prefect's workers do."
      })
  static final class OnDeployment extends BurstsCommand {
    OnDeployment() {
      super("deployment-burst", LimitOn.DEPLOYMENT);
    }
  }

  /** The limit is the work pool's. */
  @Command(
      name = "pool-burst",
      description = {
        "Creates runs in a work pool with a concurrency limit, all at once, and runs them as",
        "Prefect's workers do."
      })
  static final class OnPool extends BurstsCommand {
    OnPool() {
      super("pool-burst", LimitOn.POOL);
    }
  }

  /** The limit is the work queue's. */
  @Command(
      name = "queue-burst",
      description = {
        "Creates runs in a work queue with a concurrency limit, all at once, and runs them as",
        "Prefect's workers do."
      })
  static final class OnQueue extends BurstsCommand {
    OnQueue() {
      super("queue-burst", LimitOn.QUEUE);
    }
  }
}
