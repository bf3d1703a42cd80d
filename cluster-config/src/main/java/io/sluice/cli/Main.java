package io.sluice.cli;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import io.sluice.node.SluiceNode;
import io.sluice.prefect.PrefectApi;
import java.time.InstantSource;

/** Starts a node. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    var url = "jdbc:h2:file:" + arguments[0] + "/sluice;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    var config =
        ConfigFactory.parseString(
            "sluice.store.url=\""
                + url
                + "\"\npekko.remote.artery.canonical { hostname=127.0.0.1, port=0 }");
    var node = SluiceNode.startAlone(SluiceConfig.over(config), InstantSource.system());
    PrefectApi.server(node)
        .bind("127.0.0.1", Integer.parseInt(arguments[1]))
        .toCompletableFuture()
        .get();
    System.out.println("ready");
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
  }
}
