package io.sluice.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Notes the commits of a database, and what is executed as a plain statement, in their order. */
final class WatchedDatabase {
  static final String COMMIT = "commit";

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicReference<Consumer<String>> before = new AtomicReference<>(what -> {});

  List<String> seen() {
    return seen;
  }

  long count(String what) {
    return seen.stream().filter(what::equals).count();
  }

  /** Calls {@code hook} before each, in the thread that does it. */
  void before(Consumer<String> hook) {
    before.set(hook);
  }

  private void note(String what) {
    before.get().accept(what);
    seen.add(what);
  }

  DataSource over(DataSource real) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          var result = method.invoke(real, arguments);
          return result instanceof Connection connection ? over(connection) : result;
        });
  }

  private Connection over(Connection real) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("commit")) {
            note(COMMIT);
          }
          var result = method.invoke(real, arguments);
          return method.getName().equals("createStatement") ? over((Statement) result) : result;
        });
  }

  private Statement over(Statement real) {
    return proxy(
        Statement.class,
        (method, arguments) -> {
          if (method.getName().equals("execute")) {
            note((String) arguments[0]);
          }
          return method.invoke(real, arguments);
        });
  }

  private interface Call {
    Object on(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return call.on(method, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            }));
  }
}
