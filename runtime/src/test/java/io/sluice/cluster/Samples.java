package io.sluice.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Values of a type, made by reflection: every variant of a sealed type, every constant of an enum,
 * every record once full and once with each of its components null that may be. So a new variant or
 * component is in the test before anybody thinks of it.
 */
public final class Samples {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

  private final Map<Type, List<Object>> made = new HashMap<>();

  /**
   * @param askers stands wherever an actor is referred to; null if none is
   */
  public Samples(ActorRef<?> askers) {
    made.put(ActorRef.class, askers == null ? List.of() : List.of(askers));
    made.put(boolean.class, List.of(true, false));
    made.put(Boolean.class, List.of(true, false));
    made.put(int.class, List.of(7, Integer.MAX_VALUE));
    made.put(Integer.class, List.of(7, Integer.MAX_VALUE));
    made.put(long.class, List.of(3L, Long.MAX_VALUE));
    made.put(Long.class, List.of(3L, Long.MAX_VALUE));
    made.put(double.class, List.of(0.25, 1e9));
    made.put(Double.class, List.of(0.25, 1e9));
    made.put(String.class, List.of("ü\"\n", ""));
    made.put(UUID.class, List.of(UUID.fromString("11111111-2222-4333-8444-555555555555")));
    made.put(Instant.class, List.of(NOON, Instant.EPOCH));
    made.put(Duration.class, List.of(Duration.ofNanos(60_000_000_001L), Duration.ZERO));
    made.put(JsonNode.class, List.of(json()));
  }

  private static JsonNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("text", "ü").put("whole", 1L << 40).put("half", 0.5).put("yes", true).putNull("none");
    json.putArray("list").add("a").addObject().put("deep", "er");
    return json;
  }

  /** At least one value, none of them null. */
  public List<Object> of(Type type) {
    var known =
        made.get(type instanceof ParameterizedType p && is(p, ActorRef.class) ? raw(p) : type);
    if (known != null) {
      return known;
    }
    var values = List.copyOf(make(type));
    if (values.isEmpty()) {
      throw new IllegalStateException("no sample of " + type);
    }
    made.put(type, values);
    return values;
  }

  private List<Object> make(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return collections(parameterized);
    }
    var raw = (Class<?>) type;
    if (raw.isSealed()) {
      var all = new ArrayList<Object>();
      for (var variant : raw.getPermittedSubclasses()) {
        all.addAll(of(variant));
      }
      return all;
    } else if (raw.isEnum()) {
      return List.of(raw.getEnumConstants());
    } else if (raw.isRecord()) {
      return records(raw);
    }
    return created(raw);
  }

  private List<Object> collections(ParameterizedType type) {
    var elements = type.getActualTypeArguments();
    if (is(type, List.class)) {
      return List.of(some(elements[0]), List.of());
    } else if (is(type, Set.class)) {
      return List.of(Set.copyOf(some(elements[0])), Set.of());
    } else if (is(type, Optional.class)) {
      return List.of(Optional.of(of(elements[0]).get(0)), Optional.empty());
    } else if (is(type, Map.class)) {
      return List.of(Map.of(of(elements[0]).get(0), of(elements[1]).get(0)), Map.of());
    }
    throw new IllegalStateException("no sample of " + type);
  }

  /** Every variant of a sealed type; of others two, since more would only be more of the same. */
  private List<Object> some(Type type) {
    var all = of(type);
    return type instanceof Class<?> raw && raw.isSealed()
        ? all
        : all.subList(0, Math.min(2, all.size()));
  }

  private List<Object> records(Class<?> type) {
    // For a type that contains itself: the inner ones are none.
    made.put(type, List.of());
    var components = type.getRecordComponents();
    var choices = new ArrayList<List<Object>>();
    int count = 1;
    for (var component : components) {
      choices.add(inner(component));
      count = Math.max(count, choices.get(choices.size() - 1).size());
    }
    var values = new ArrayList<Object>();
    for (int i = 0; i < count; i++) {
      values.add(construct(canonical(type), arguments(choices, i)));
    }
    for (int i = 0; i < components.length; i++) {
      withNull(type, choices, i).ifPresent(values::add);
    }
    made.remove(type);
    return values;
  }

  private List<Object> inner(RecordComponent component) {
    return of(component.getGenericType());
  }

  private static Object[] arguments(List<List<Object>> choices, int turn) {
    return choices.stream().map(of -> of.get(turn % of.size())).toArray();
  }

  /** The record with its {@code index}th component null, if that may be. */
  private static Optional<Object> withNull(Class<?> type, List<List<Object>> choices, int index) {
    if (type.getRecordComponents()[index].getType().isPrimitive()) {
      return Optional.empty();
    }
    var arguments = arguments(choices, 0);
    arguments[index] = null;
    try {
      return Optional.of(construct(canonical(type), arguments));
    } catch (NullPointerException required) {
      return Optional.empty();
    }
  }

  private static Constructor<?> canonical(Class<?> type) {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types);
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Object construct(Constructor<?> constructor, Object[] arguments) {
    try {
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Of a type that says by a static method how it is read. */
  private List<Object> created(Class<?> type) {
    for (var method : type.getDeclaredMethods()) {
      if (Modifier.isStatic(method.getModifiers())
          && method.isAnnotationPresent(JsonCreator.class)) {
        return of(method.getGenericParameterTypes()[0]).stream()
            .map(argument -> call(method, argument))
            .toList();
      }
    }
    throw new IllegalStateException("no sample of " + type + "; say in Samples how to make one");
  }

  private static Object call(Method method, Object argument) {
    try {
      method.setAccessible(true);
      return method.invoke(null, argument);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean is(ParameterizedType type, Class<?> raw) {
    return type.getRawType() == raw;
  }

  private static Type raw(ParameterizedType type) {
    return type.getRawType();
  }
}
