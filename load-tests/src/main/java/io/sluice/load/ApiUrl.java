package io.sluice.load;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where a server's API is, e.g. {@code http://127.0.0.1:4200/api}, without slashes at its end. */
public final class ApiUrl implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    if (!text.matches("https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
      throw new TypeConversionException(
          "'%s' is no API's address; write e.g. http://127.0.0.1:4200/api".formatted(text));
    }
    return URI.create(text.replaceAll("/+$", ""));
  }
}
