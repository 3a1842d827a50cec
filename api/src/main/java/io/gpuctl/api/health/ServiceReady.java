package io.gpuctl.api.health;

import io.gpuctl.api.events.PastFolding;
import io.gpuctl.api.events.RecentFacts;
import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.kafka.OrchestratorWatch;
import io.gpuctl.api.tasks.RecentCommands;
import io.gpuctl.api.views.ViewsCondition;
import io.gpuctl.api.views.ViewsService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: the service can answer every route now, and will for some time. */
@Readiness
@ApplicationScoped
class ServiceReady implements HealthCheck {

    private final BrokerWatch broker;
    private final ViewsService views;
    private final RecentFacts facts;
    private final RecentCommands commands;
    private final PastFolding past;
    private final OrchestratorWatch orchestrators;
    private final Stopping stopping;

    ServiceReady(
            BrokerWatch broker,
            ViewsService views,
            RecentFacts facts,
            RecentCommands commands,
            PastFolding past,
            OrchestratorWatch orchestrators,
            Stopping stopping) {
        this.broker = broker;
        this.views = views;
        this.facts = facts;
        this.commands = commands;
        this.past = past;
        this.orchestrators = orchestrators;
        this.stopping = stopping;
    }

    @Override
    public HealthCheckResponse call() {
        boolean brokerAnswers = !broker.isAway();
        var condition = ViewsCondition.of(views);
        var viewsProblem = condition.problem();
        var pastProblem = past.problem();
        boolean eventsFollowed = facts.hasBegun() && commands.hasBegun();
        boolean stays = !stopping.hasBegun();
        String problem = Stream.of(
                        stays ? null : "The service is stopping",
                        brokerAnswers ? null : "The broker has not answered for some seconds",
                        viewsProblem,
                        // While the views start, they do not fold old facts.
                        viewsProblem == null ? pastProblem : null,
                        eventsFollowed ? null : "The API does not follow the cluster's log yet")
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        return HealthCheckResponse.named("gpuctl")
                .withData("problem", problem)
                .withData("broker", brokerAnswers ? "answers" : "has not answered for some seconds")
                .withData("views", viewsProblem == null ? "ready" : viewsProblem)
                .withData("past", pastProblem == null ? "folded" : pastProblem)
                .withData("warnings", String.join("; ", condition.warnings()))
                .withData("events", eventsFollowed ? "followed" : "not followed yet")
                .withData("orchestrator", orchestrator())
                .status(stays && brokerAnswers && viewsProblem == null && pastProblem == null && eventsFollowed)
                .build();
    }

    /**
     * Returns whether an orchestrator runs. Without one, the service still answers, and accepts submissions that wait
     * for it.
     */
    private String orchestrator() {
        return switch (orchestrators.presence()) {
            case UNKNOWN -> "not known";
            case RUNS -> "runs";
            case NONE -> "none: submitted tasks wait until an orchestrator runs";
        };
    }
}
