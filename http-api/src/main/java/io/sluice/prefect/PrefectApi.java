package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.http.Problems;
import io.sluice.http.Router;
import io.sluice.http.Server;
import io.sluice.node.SluiceNode;

/** The whole dialect over one node. */
public final class PrefectApi {
  private PrefectApi() {}

  /** A server that answers for {@code node}; not bound yet. */
  public static Server server(SluiceNode node) {
    var config = node.system().settings().config().getConfig("sluice.http");
    return new Server(
        node.system(), router(node, config), new Problems(Refusals::answer), "/api", config);
  }

  static Router router(SluiceNode node, Config config) {
    var router = new Router();
    new SystemRoutes(node.store()).addTo(router);
    var increments = new Increments(node.limits(), node.clock(), node.system(), config);
    new LimitRoutes(node.limits(), increments).addTo(router);
    return router;
  }
}
