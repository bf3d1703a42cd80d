package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.limit.Acquisition;
import io.sluice.limit.Claim;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.SlotRequest;
import io.sluice.node.SluiceConfig;
import io.sluice.owner.RowOwner;
import io.sluice.run.RunReply.Ruled;
import io.sluice.run.RunReply.Unavailable;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import io.sluice.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A run that ends with a slot of its deployment")
class EndOfRunTest {
  private static final Duration BOUND = Duration.ofSeconds(20);

  @TempDir static Path dir;
  private static ActorTestKit testKit;
  private static Store store;
  private static FlowRunTable table;
  private static WakeBounds bounds;
  private static SlotSettings slots;

  private final Others others = new Others();
  private TestProbe<RunReply> proposer;
  private ActorRef<RowOwner.Message> owner;

  @BeforeAll
  static void open() {
    Config config = SluiceConfig.over(ConfigFactory.parseString("pekko.actor.provider = local"));
    testKit = ActorTestKit.create("runs", config);
    store = Store.open(Stores.h2(dir));
    bounds = WakeBounds.from(config.getConfig("sluice.run"));
    slots = SlotSettings.from(config.getConfig("sluice.run"));
    table = new FlowRunTable(store, bounds);
  }

  @AfterAll
  static void close() {
    testKit.shutdownTestKit();
    store.close();
  }

  @BeforeEach
  void running() {
    proposer = testKit.createTestProbe();
    var spec = new RunSpec.Builder();
    spec.name = "x";
    spec.flowId = UUID.randomUUID();
    spec.deploymentId = Runs.DEPLOYMENT;
    var id = UUID.randomUUID();
    var details = StateDetails.NONE.with(d -> d.deploymentConcurrencyLeaseId = Runs.LEASE);
    var state =
        new State(
            UUID.randomUUID(),
            StateType.RUNNING,
            StateType.RUNNING.defaultName(),
            NOW.minusSeconds(5),
            null,
            null,
            details);
    var run =
        FlowRun.created(id, spec.build(), FlowRunPolicy.NONE, NOW.minusSeconds(60))
            .entering(state, FlowRunPolicy.NONE, same -> same);
    store.writer().write(table.insert(run)).join();
    var shared = new FlowRunActor.Shared(store, table, others, () -> NOW, slots, bounds);
    owner =
        testKit.spawn(
            FlowRunActor.create(
                id,
                shared,
                new RowOwner.Settings(store, 10, Duration.ofHours(1), self -> {}, asked -> {})));
  }

  private RunReply proposeCompleted() {
    var completed =
        new ProposedState(
            StateType.COMPLETED,
            StateType.COMPLETED.defaultName(),
            null,
            null,
            StateDetails.NONE.with(d -> d.transitionId = Runs.RUN));
    var proposal = new Proposal(UUID.randomUUID(), completed, false, true, "", Duration.ZERO);
    owner.tell(new FlowRunActor.Execute(new RunCommand.Propose(proposal), proposer.getRef()));
    return proposer.receiveMessage(BOUND);
  }

  @Test
  void says_so_when_the_slot_is_free() {
    assertThat(proposeCompleted()).isInstanceOf(Ruled.class);
    assertThat(others.released).containsExactly(Runs.LEASE);
  }

  /** Its process ends with the answer, and nobody else knows of the lease. */
  @Test
  void has_its_proposer_ask_again_until_the_slot_is_free() {
    others.isAway = true;
    assertThat(proposeCompleted()).isInstanceOf(Unavailable.class);
    assertThat(proposeCompleted()).isInstanceOf(Unavailable.class);

    others.isAway = false;
    assertThat(proposeCompleted())
        .isInstanceOfSatisfying(
            Ruled.class,
            ruled -> assertThat(ruled.run().stateType()).isEqualTo(StateType.COMPLETED));
    assertThat(others.released).containsExactly(Runs.LEASE);
  }

  private RunReply ask(RunCommand command) {
    owner.tell(new FlowRunActor.Execute(command, proposer.getRef()));
    return proposer.receiveMessage(BOUND);
  }

  /** Once its row is gone, nobody knows of the lease. */
  @Test
  void is_deleted_only_when_the_slot_is_free() {
    others.isAway = true;
    assertThat(ask(new RunCommand.Delete())).isInstanceOf(Unavailable.class);
    assertThat(ask(new RunCommand.Get())).isInstanceOf(RunReply.Found.class);

    others.isAway = false;
    assertThat(ask(new RunCommand.Delete())).isInstanceOf(RunReply.Found.class);
    assertThat(others.released).containsExactly(Runs.LEASE);
  }

  /** The other owners; that of the limit may be away. */
  private static final class Others implements Surroundings {
    private final List<UUID> released = new ArrayList<>();
    private volatile boolean isAway;

    private static <T> CompletableFuture<T> done() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> release(UUID leaseId) {
      if (isAway) {
        return CompletableFuture.failedFuture(new StoreUnavailable("the limit is away", null));
      }
      released.add(leaseId);
      return done();
    }

    @Override
    public CompletableFuture<Void> release(UUID limitId, UUID leaseId) {
      return done();
    }

    @Override
    public CompletableFuture<Optional<Terms>> terms(UUID deploymentId) {
      return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletableFuture<Admission> admit(FlowRun run) {
      throw new AssertionError("it is running");
    }

    @Override
    public CompletableFuture<Void> moved(FlowRun run) {
      return done();
    }

    @Override
    public CompletableFuture<Void> removed(FlowRun run) {
      return done();
    }

    @Override
    public CompletableFuture<Boolean> isFull(UUID limitId) {
      return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<Boolean> isHeld(UUID leaseId) {
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletableFuture<Void> cancelBelow(FlowRun parent) {
      return done();
    }

    @Override
    public Acquisition acquire(List<Claim> claims, SlotRequest request, IfBusy ifBusy) {
      throw new AssertionError("it has its slot");
    }

    @Override
    public CompletableFuture<Void> renew(UUID leaseId, Duration duration) {
      return done();
    }

    @Override
    public CompletableFuture<Void> unbind(UUID leaseId) {
      return done();
    }

    @Override
    public CompletableFuture<Void> entered(State before, FlowRun after) {
      return done();
    }
  }
}
