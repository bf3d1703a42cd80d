package io.sluice.filter;

import java.util.List;
import java.util.function.Function;
import org.jooq.Record;
import org.jooq.SelectField;

/**
 * How objects of a kind are read from rows.
 *
 * @param columns what {@code read} needs of each row
 */
public record Listed<T>(List<SelectField<?>> columns, Function<Record, T> read) {
  public Listed {
    columns = List.copyOf(columns);
  }
}
