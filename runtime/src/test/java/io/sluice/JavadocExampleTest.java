package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The example in the Javadoc of Sluice")
class JavadocExampleTest {
  private static final Pattern EXAMPLE =
      Pattern.compile(" \\* <pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);

  @TempDir Path classes;

  @Test
  void compiles_as_it_stands() throws IOException {
    var javadoc = Files.readString(Path.of("src/main/java/io/sluice/Sluice.java"));
    var found = EXAMPLE.matcher(javadoc);
    assertThat(found.find()).isTrue();
    assertThat(problems(found.group(1).replaceAll("(?m)^ \\* ?", ""))).isEmpty();
    assertThat(problems("sluice.awaitLease();")).as("the test can fail").isNotEmpty();
  }

  private List<String> problems(String example) {
    var code =
        """
        import io.sluice.*;
        import java.nio.file.Path;
        import java.time.Duration;

        class Example {
          interface Printer { void print(String invoice, long token); }

          void run(Printer printer, String invoice) throws InterruptedException {
        %s
          }
        }
        """
            .formatted(example);
    var source =
        new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        };
    var problems = new DiagnosticCollector<JavaFileObject>();
    var options =
        List.of(
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            "-proc:none");
    ToolProvider.getSystemJavaCompiler()
        .getTask(null, null, problems, options, null, List.of(source))
        .call();
    return problems.getDiagnostics().stream().map(Object::toString).toList();
  }
}
