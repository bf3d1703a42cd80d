package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.http.Exposition;
import io.sluice.http.Problems;
import io.sluice.http.Router;
import io.sluice.http.Server;
import io.sluice.node.SluiceNode;
import io.sluice.store.SharedKey;
import java.util.List;
import java.util.Optional;

/** The whole dialect over one node. */
public final class PrefectApi {
  /** They give back slots or places in line, keep what is held, or say whether the node is well. */
  private static final List<String> URGENT =
      List.of(
          "/health",
          "/ready",
          "/metrics",
          "/v2/concurrency_limits/decrement",
          "/v2/concurrency_limits/decrement-with-lease",
          "/v2/concurrency_limits/leases/{lease_id}/renew",
          "/concurrency_limits/decrement",
          "/flow_runs/{id}/set_state",
          "/task_runs/{id}/set_state");

  private static final int CSRF_KEY_BYTES = 32;

  private PrefectApi() {}

  /** A server that answers for {@code node}, without metrics; not bound yet. */
  public static Server server(SluiceNode node) {
    return server(node, Optional.empty());
  }

  /**
   * A server that answers for {@code node}; not bound yet.
   *
   * @param exposition of the registry that the node was given; shown at {@code /metrics}, as
   *     Prometheus expects it, and {@code /api/metrics}, where Prefect has it
   */
  public static Server server(SluiceNode node, Optional<Exposition> exposition) {
    var config = settings(node).getConfig("http");
    var router = router(node, config);
    exposition.ifPresent(
        shown -> router.get("/metrics", call -> shown.answer()).alsoAtRoot("/metrics"));
    var server = new Server(node.system(), router, new Problems(Refusals::answer), "/api", config);
    exposition.ifPresent(
        shown -> server.measure(shown.registry(), config.getDurationList("metrics-buckets")));
    return server;
  }

  /**
   * Whether nobody has to say who they are.
   *
   * @param config complete
   */
  public static boolean isOpenToAll(Config config) {
    return !new Credentials(config.getConfig("sluice.http.auth"), false).areWanted();
  }

  private static Config settings(SluiceNode node) {
    return node.system().settings().config().getConfig("sluice");
  }

  static Router router(SluiceNode node, Config config) {
    boolean metricsOpen = settings(node).getBoolean("metrics.open");
    var credentials = new Credentials(config.getConfig("auth"), metricsOpen);
    var csrf =
        new Csrf(
            config.getConfig("csrf"),
            () -> SharedKey.find(node.store(), "csrf-key", CSRF_KEY_BYTES),
            node.clock());
    var router = new Router().guard(credentials).guard(csrf).gate(VersionGate::check);
    URGENT.forEach(router::urgent);
    new SystemRoutes(node.readiness(), csrf).addTo(router);
    new AdminRoutes(node.owners(), settings(node), credentials, csrf).addTo(router);
    TaskWorkerRoutes.addTo(router);
    WorkerTypeRoutes.addTo(router);
    addLimits(router, node, config);
    addRuns(router, node, config);
    addDeployments(router, node, config);
    addPools(router, node, config, credentials);
    var owners = node.owners();
    new LogRoutes(owners).addTo(router);
    new VariableRoutes(owners).addTo(router);
    new ArtifactRoutes(owners).addTo(router);
    new SavedSearchRoutes(owners).addTo(router);
    addBlocks(router, node);
    new AutomationRoutes(owners).addTo(router);
    new QueueCheckRoutes(owners).addTo(router);
    var intake = new EventIntake(owners);
    new EventRoutes(owners, intake).addTo(router);
    new EventCountRoutes(owners, node.clock()).addTo(router);
    return router
        .socket("/events/in", () -> new SocketAuth(credentials, new EventsIn(intake)))
        .socket(
            "/events/out",
            () ->
                new SocketAuth(credentials, new EventsOut(owners.events(), owners.eventHistory())))
        .socket(
            "/logs/out", () -> new SocketAuth(credentials, new LogsOut(owners.logs().listeners())));
  }

  private static void addLimits(Router router, SluiceNode node, Config config) {
    var limits = node.owners().limits();
    var increments = new Increments(limits, node.clock(), node.system(), config);
    new LimitRoutes(limits, increments).addTo(router);
    new FencingRoutes(limits).addTo(router);
    new TagLimitRoutes(limits).addTo(router);
    new TagSlotRoutes(limits, node.clock()).addTo(router);
  }

  private static void addRuns(Router router, SluiceNode node, Config config) {
    var owners = node.owners();
    new FlowRoutes(owners).addTo(router);
    new FlowRunRoutes(owners, node.clock()).addTo(router);
    new InputRoutes(owners).addTo(router);
    new ExplainRoutes(owners).addTo(router);
    new TaskRunRoutes(owners, node.clock()).addTo(router);
    var proposals = new Proposals(owners.flowRuns(), config);
    new StateRoutes(owners, proposals).addTo(router);
    new BulkRoutes(owners, proposals).addTo(router);
    new HistoryRoutes(owners, node.clock()).addTo(router);
    new GraphRoutes(owners, node.clock()).addTo(router);
    new LogDownload(owners).addTo(router);
    new UiRoutes(owners, node.clock()).addTo(router);
    new UiSchemaRoutes(owners).addTo(router);
  }

  private static void addBlocks(Router router, SluiceNode node) {
    var owners = node.owners();
    new BlockTypeRoutes(owners).addTo(router);
    new BlockSchemaRoutes(owners).addTo(router);
    new BlockRoutes(owners).addTo(router);
  }

  private static void addDeployments(Router router, SluiceNode node, Config config) {
    var owners = node.owners();
    var views = new DeploymentViews(owners, node.clock());
    new DeploymentRoutes(owners, views, node.clock()).addTo(router);
    new PaginateRoutes(owners, views, node.clock()).addTo(router);
    new ScheduleRoutes(owners, node.clock()).addTo(router);
    new DeploymentRunRoutes(owners, node.clock()).addTo(router);
    new RunBatchRoutes(owners, config).addTo(router);
  }

  private static void addPools(
      Router router, SluiceNode node, Config config, Credentials credentials) {
    var owners = node.owners();
    var views = new PoolViews(owners, node.clock());
    new PoolRoutes(owners, views).addTo(router);
    new PoolQueueRoutes(owners, views).addTo(router);
    new QueueRoutes(owners, views, node.clock()).addTo(router);
    new SlotViewRoutes(owners, node.clock()).addTo(router);
    new WorkerRoutes(owners, node.clock()).addTo(router);
    new WorkerChannels(owners, views, node.clock(), config.getConfig("worker-channel"))
        .addTo(router, credentials);
    new PollRoutes(owners, node.clock(), config).addTo(router);
  }
}
