package io.sluice.load.faults;

import io.sluice.load.Recorder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sluice-load fault-clients}: clients in a process of their own, to be killed and paused.
 * They stop when their input ends.
 */
@Command(name = "fault-clients", hidden = true, description = "A part of 'faults'.")
public final class ClientsCommand implements Callable<Integer> {
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(90);

  @Option(names = "--name", required = true)
  private String name;

  @Option(names = "--nodes", split = ",", required = true)
  private List<URI> nodes;

  @Option(names = "--stock", required = true)
  private String stock;

  @Option(names = "--began", required = true)
  private long began;

  @Option(names = "--calls-before", required = true)
  private long callsBefore;

  @Option(names = "--file", required = true)
  private Path file;

  @Override
  public Integer call() throws IOException {
    try (var recorder = new Recorder(Optional.of(file), began, callsBefore);
        var clients = new SlotClients(nodes, Stock.parse(stock), recorder, callsBefore)) {
      clients.start(name + "-hot", 2, Habit.CROWD);
      clients.start(name + "-quick", 3, Habit.QUICK);
      clients.start(name + "-sets", 2, Habit.SETS);
      clients.start(name + "-long", 1, Habit.LONG);
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
      return clients.drain(DRAIN_WITHIN) ? 0 : 1;
    }
  }
}
