package io.sluice.prefect;

import io.sluice.automation.Automation;
import io.sluice.automation.Automations;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Handler;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Automations and the templates in them (Prefect 3.8.8, server/api/automations.py and
 * templates.py). They are stored and listed, but nothing executes them: answers to who stores one
 * say so in the header {@code Sluice-Note}.
 */
final class AutomationRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AutomationRoutes.class);

  private static final String NOTE = "Sluice-Note";
  private static final String NOT_EXECUTED =
      "Automations are stored and listed, but Sluice does not execute them.";

  private final Automations automations;
  private final Listings listings;

  AutomationRoutes(Owners owners) {
    this.automations = owners.automations();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router
        .post("/automations/", this::create)
        .put("/automations/{id}", this::replace)
        .patch("/automations/{id}", this::enable)
        .delete("/automations/{id}", this::delete)
        .get("/automations/{id}", this::read)
        .post("/automations/filter", this::list)
        .post("/automations/count", this::count)
        .get("/automations/related-to/{resource}", this::relatedTo)
        .delete("/automations/owned-by/{resource}", this::deleteOwned)
        .post("/templates/validate", Handler.now(AutomationRoutes::validate))
        .post("/automations/templates/validate", Handler.now(AutomationRoutes::validate));
  }

  private static Answer noted(Answer answer) {
    return answer.with(NOTE, NOT_EXECUTED);
  }

  private static void warn(Automation automation) {
    if (automation.content().enabled()) {
      LOG.warn(
          "Automation '{}' ({}) is stored, but Sluice executes no automations.",
          automation.content().name(),
          automation.id());
    }
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var content = AutomationBody.read(body).content();
    var owner = body.text("owner_resource", Names.LENGTH_MAX).orElse(null);
    body.end();
    return automations
        .create(content, owner)
        .thenApply(
            made -> {
              warn(made);
              return noted(Answer.created(AutomationJson.of(made)));
            });
  }

  private CompletableFuture<Answer> replace(Call call) {
    var body = call.body();
    var said = AutomationBody.read(body);
    body.end();
    return automations.change(call.id("id"), said::over).thenApply(AutomationRoutes::changed);
  }

  private static Answer changed(Automation automation) {
    warn(automation);
    return noted(Answer.noContent());
  }

  /** AutomationPartialUpdate. */
  private CompletableFuture<Answer> enable(Call call) {
    var body = call.body();
    var enabled = body.notNull("enabled").bool("enabled");
    body.end();
    return automations
        .change(call.id("id"), before -> enabled.map(before::enabled).orElse(before))
        .thenApply(AutomationRoutes::changed);
  }

  private CompletableFuture<Answer> delete(Call call) {
    return automations.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> read(Call call) {
    return automations
        .get(call.id("id"))
        .thenApply(found -> noted(Answer.ok(AutomationJson.of(found))));
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "automations", Kind.AUTOMATION);
    var sort = Sorts.of(body, Kind.AUTOMATION, "NAME_ASC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), Automations.LISTED)
        .thenApply(AutomationRoutes::all);
  }

  private static Answer all(List<Automation> found) {
    return noted(Answer.ok(found.stream().map(AutomationJson::of).toList()));
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "automations", Kind.AUTOMATION);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> relatedTo(Call call) {
    return automations.relatedTo(call.parameter("resource")).thenApply(AutomationRoutes::all);
  }

  private CompletableFuture<Answer> deleteOwned(Call call) {
    return automations
        .deleteOwnedBy(call.parameter("resource"))
        .thenApply(done -> new Answer(202, null, Map.of()));
  }

  private static Answer validate(Call call) {
    var template = call.json().asText("");
    return TemplateCheck.problem(template)
        .map(
            problem ->
                new Answer(
                    422,
                    Map.of(
                        "error",
                        Map.of(
                            "line", problem.line(),
                            "message", problem.message(),
                            "source", template)),
                    Map.of()))
        .orElseGet(Answer::noContent);
  }
}
