package io.gpuctl.api.health;

import io.gpuctl.api.events.RecentFacts;
import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.views.ViewsService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: every route would be answered now. */
@Readiness
@ApplicationScoped
class ServiceReady implements HealthCheck {

    private final BrokerWatch broker;
    private final ViewsService views;
    private final RecentFacts facts;

    ServiceReady(BrokerWatch broker, ViewsService views, RecentFacts facts) {
        this.broker = broker;
        this.views = views;
        this.facts = facts;
    }

    @Override
    public HealthCheckResponse call() {
        boolean brokerAnswers = !broker.isAway();
        var viewsProblem = views.problem();
        boolean factsFollowed = facts.hasBegun();
        var warnings = viewsProblem == null ? views.views().problems() : List.<String>of();
        return HealthCheckResponse.named("gpuctl")
                .withData("broker", brokerAnswers ? "answers" : "has not answered for some seconds")
                .withData("views", viewsProblem == null ? "ready" : viewsProblem)
                .withData("warnings", String.join("; ", warnings))
                .withData("events", factsFollowed ? "followed" : "not followed yet")
                .status(brokerAnswers && viewsProblem == null && factsFollowed)
                .build();
    }
}
