package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.deployment.BlockDefaults;
import io.sluice.deployment.JobVariables;
import io.sluice.http.Body;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** The base job template of a work pool: a job configuration and the variables in it. */
final class JobTemplate {
  private static final Pattern VARIABLE =
      Pattern.compile("\\{\\{\\s*([\\w.\\-\\[\\]$]+)\\s*\\}\\}");
  private static final String FIELD = "base_job_template";

  private JobTemplate() {}

  /**
   * The field {@code base_job_template}; what is wrong with it is noted in {@code body} (Prefect
   * 3.8.8, validators.py validate_base_job_template).
   */
  static JsonNode read(Body body) {
    var template = body.map(FIELD);
    problem(template).ifPresent(what -> body.wrong(FIELD, "value_error", what));
    return template;
  }

  /** What is wrong with a template; an empty one is right. */
  static Optional<String> problem(JsonNode template) {
    if (template.isEmpty()) {
      return Optional.empty();
    }
    var job = template.path("job_configuration");
    var variables = template.path("variables");
    if (job.isEmpty() || variables.isEmpty()) {
      return Optional.of(
          "The `base_job_template` must contain both a `job_configuration` key and a `variables`"
              + " key.");
    }
    var undeclared = used(job);
    variables.path("properties").fieldNames().forEachRemaining(undeclared::remove);
    return undeclared.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The job configuration uses variables that are not declared in `variables`: "
                + String.join(", ", undeclared));
  }

  /**
   * Refuses the template of a new pool whose variables are no JSON schema, or have defaults that do
   * not fit it or refer to a block that is not there (Prefect 3.8.8, api/validation.py
   * validate_job_variable_defaults_for_work_pool).
   */
  static CompletableFuture<Void> check(JsonNode template, BlockDefaults defaults) {
    return defaults.of(template).thenAccept(JobVariables::checkDefaults);
  }

  private static TreeSet<String> used(JsonNode job) {
    var used = new TreeSet<String>();
    if (job.isTextual()) {
      var matcher = VARIABLE.matcher(job.textValue());
      while (matcher.find()) {
        used.add(matcher.group(1));
      }
    }
    job.forEach(part -> used.addAll(used(part)));
    return used;
  }
}
