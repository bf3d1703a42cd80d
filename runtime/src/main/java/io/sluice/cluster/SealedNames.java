package io.sluice.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.util.HashMap;
import java.util.Map;

/**
 * Names the variants of a sealed type on the wire by their simple names, so that none can be
 * forgotten in a list. For messages only: what is stored names its variants one by one.
 */
public final class SealedNames extends TypeIdResolverBase {
  private final Map<String, Class<?>> byName = new HashMap<>();

  @Override
  public void init(JavaType base) {
    collect(base.getRawClass());
  }

  private void collect(Class<?> type) {
    if (type.isSealed()) {
      for (var variant : type.getPermittedSubclasses()) {
        collect(variant);
      }
    } else {
      byName.put(type.getSimpleName(), type);
      if (type.getSuperclass() != null && type.getSuperclass().isSealed()) {
        byName.put(type.getSuperclass().getSimpleName(), type);
      }
    }
  }

  @Override
  public String idFromValue(Object value) {
    return value.getClass().getSimpleName();
  }

  @Override
  public String idFromValueAndType(Object value, Class<?> type) {
    return (value == null ? type : value.getClass()).getSimpleName();
  }

  @Override
  public JavaType typeFromId(DatabindContext context, String id) {
    var type = byName.get(id);
    if (type == null) {
      throw new IllegalArgumentException("no variant is named " + id);
    }
    return context.constructType(type);
  }

  @Override
  public JsonTypeInfo.Id getMechanism() {
    return JsonTypeInfo.Id.CUSTOM;
  }
}
