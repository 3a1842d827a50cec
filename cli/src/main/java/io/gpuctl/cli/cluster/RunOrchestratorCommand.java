package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs an orchestrator. */
@Command(name = "orchestrator", description = "Runs an orchestrator.")
final class RunOrchestratorCommand extends RunServiceCommand {

    @Mixin
    private PolicyOptions policy = new PolicyOptions();

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    private @Nullable OrchestratorService service;

    @Override
    void checkSettings() {
        policy.spec();
    }

    @Override
    Optional<MetricsOptions> metrics() {
        return Optional.of(metrics);
    }

    @Override
    Service start(ClusterClock clock) {
        service = OrchestratorService.start(
                new OrchestratorConfig(kafka(), instance(), state(), clock, policy.settings(clock), STANDBY_REPLICAS));
        return service;
    }

    @Override
    boolean isReady() {
        return service != null && service.isRunning();
    }

    @Override
    String waitingFor() {
        return "the orchestrator has not been assigned its pools yet, or has not restored their state";
    }

    @Override
    String describe() {
        return "policy " + policy.name();
    }
}
