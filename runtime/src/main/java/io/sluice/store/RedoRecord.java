package io.sluice.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/**
 * One transaction of a {@link RowWriter} as it stands in the log.
 *
 * @param number of the writer's transactions, counted from 1
 */
record RedoRecord(String writer, long number, List<RowChange> changes) {

  private enum Type {
    NULL,
    TEXT,
    INTEGER,
    LONG,
    DOUBLE,
    FALSE,
    TRUE,
    BYTES,
    ID,
    TIME
  }

  /**
   * @throws IllegalArgumentException if a value is of a type that rows do not have
   */
  byte[] bytes() {
    var bytes = new ByteArrayOutputStream(4096);
    try (var out = new DataOutputStream(bytes)) {
      out.writeUTF(writer);
      out.writeLong(number);
      var texts = new LinkedHashMap<String, Integer>();
      changes.forEach(change -> texts.putIfAbsent(change.sql(), texts.size()));
      out.writeInt(texts.size());
      for (var text : texts.keySet()) {
        write(out, text.getBytes(StandardCharsets.UTF_8));
      }
      out.writeInt(changes.size());
      for (var change : changes) {
        out.writeInt(texts.get(change.sql()));
        out.writeBoolean(change.mustHit());
        out.writeInt(change.binds().length);
        for (var bind : change.binds()) {
          write(out, bind);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void write(DataOutputStream out, Type type) throws IOException {
    out.writeByte(type.ordinal());
  }

  private static void write(DataOutputStream out, Object bind) throws IOException {
    if (bind == null) {
      write(out, Type.NULL);
    } else if (bind instanceof String text) {
      write(out, Type.TEXT);
      write(out, text.getBytes(StandardCharsets.UTF_8));
    } else if (bind instanceof Enum<?> constant) {
      write(out, constant.name());
    } else if (bind instanceof Integer number) {
      write(out, Type.INTEGER);
      out.writeInt(number);
    } else if (bind instanceof Long number) {
      write(out, Type.LONG);
      out.writeLong(number);
    } else if (bind instanceof Double number) {
      write(out, Type.DOUBLE);
      out.writeDouble(number);
    } else if (bind instanceof Boolean flag) {
      write(out, flag ? Type.TRUE : Type.FALSE);
    } else if (bind instanceof byte[] bytes) {
      write(out, Type.BYTES);
      write(out, bytes);
    } else if (bind instanceof UUID id) {
      write(out, Type.ID);
      out.writeLong(id.getMostSignificantBits());
      out.writeLong(id.getLeastSignificantBits());
    } else if (bind instanceof Instant time) {
      write(out, Type.TIME);
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
    } else if (bind instanceof OffsetDateTime time && time.getOffset().equals(ZoneOffset.UTC)) {
      write(out, time.toInstant());
    } else {
      throw new IllegalArgumentException("No row has a " + bind.getClass().getName());
    }
  }

  /**
   * @throws IllegalArgumentException if these are not the bytes of a record
   */
  static RedoRecord of(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      var writer = in.readUTF();
      long number = in.readLong();
      var texts = new ArrayList<String>();
      for (int left = in.readInt(); left > 0; left--) {
        texts.add(new String(readBytes(in), StandardCharsets.UTF_8));
      }
      var changes = new ArrayList<RowChange>();
      for (int left = in.readInt(); left > 0; left--) {
        var sql = texts.get(in.readInt());
        boolean mustHit = in.readBoolean();
        var binds = new Object[in.readInt()];
        for (int i = 0; i < binds.length; i++) {
          binds[i] = readBind(in);
        }
        changes.add(new RowChange(sql, binds, mustHit));
      }
      return new RedoRecord(writer, number, changes);
    } catch (IOException | IndexOutOfBoundsException | NegativeArraySizeException garbled) {
      throw new IllegalArgumentException("Not a record of changes", garbled);
    }
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static Object readBind(DataInputStream in) throws IOException {
    return switch (Type.values()[in.readByte()]) {
      case NULL -> null;
      case TEXT -> new String(readBytes(in), StandardCharsets.UTF_8);
      case INTEGER -> in.readInt();
      case LONG -> in.readLong();
      case DOUBLE -> in.readDouble();
      case FALSE -> false;
      case TRUE -> true;
      case BYTES -> readBytes(in);
      case ID -> new UUID(in.readLong(), in.readLong());
      case TIME -> Instant.ofEpochSecond(in.readLong(), in.readInt());
    };
  }
}
