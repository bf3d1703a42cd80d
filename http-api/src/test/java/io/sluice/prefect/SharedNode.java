package io.sluice.prefect;

import io.sluice.http.Asker;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands a test one node for all tests of the JVM: they keep apart by names. */
final class SharedNode implements ParameterResolver {

  /** Stopped by JUnit after the last test. */
  private record Stored(Served served) implements AutoCloseable {
    @Override
    public void close() {
      served.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == Served.class || type == Asker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var served =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .getOrComputeIfAbsent(
                Served.class,
                type -> new Stored(Served.start("", InstantSource.system())),
                Stored.class)
            .served();
    return parameter.getParameter().getType() == Served.class ? served : served.api();
  }
}
