package io.sluice.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM and Ctrl-C as a request to stop instead of the JVM's immediate end, so that a stop on
 * request ends with exit code 0; the JVM's own would be 143 or 130, which supervisors take for a
 * failure.
 *
 * <p>{@code sun.misc.Signal} is the only way Java offers; it is reached by reflection because the
 * compiler's warning about it cannot be turned off. Where it does not exist, the JVM's shutdown
 * hooks do the same work and the exit code is the JVM's.
 */
final class StopSignals {
  private static final int EXIT_INTERRUPTED = 130;

  private StopSignals() {}

  /** Runs {@code stop} at the first signal; the second one ends the process at once. */
  static void on(Runnable stop) {
    var asked = new AtomicBoolean();
    Runnable onSignal =
        () -> {
          if (asked.compareAndSet(false, true)) {
            stop.run();
          } else {
            Runtime.getRuntime().halt(EXIT_INTERRUPTED);
          }
        };
    for (var name : new String[] {"TERM", "INT"}) {
      handle(name, onSignal);
    }
  }

  private static void handle(String name, Runnable onSignal) {
    try {
      var signalClass = Class.forName("sun.misc.Signal");
      var handlerClass = Class.forName("sun.misc.SignalHandler");
      InvocationHandler run =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              onSignal.run();
            }
            return null;
          };
      var handler =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(), new Class<?>[] {handlerClass}, run);
      signalClass
          .getMethod("handle", signalClass, handlerClass)
          .invoke(null, signalClass.getConstructor(String.class).newInstance(name), handler);
    } catch (ReflectiveOperationException notHere) {
      // The shutdown hook stops the node; see above.
    }
  }
}
