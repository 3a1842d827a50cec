package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import java.net.URI;
import java.util.ArrayList;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the REST API with its share of the views. */
@Command(name = "api", description = "Runs an API with its share of the views.")
final class RunApiCommand extends RunServiceCommand {

    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private InternalOptions internal = new InternalOptions();

    @Mixin
    private DrainOption drain = new DrainOption();

    private boolean hasOrchestrator = true;
    private String waitingFor = "the API does not answer yet";

    @Override
    void checkSettings() {
        listen.checkFree();
        internal.port(listen);
    }

    @Override
    Optional<MetricsOptions> metrics() {
        return Optional.empty();
    }

    @Override
    Service start(ClusterClock clock) {
        var files = FileBudget.ofProcess();
        files.sayIfSmall(spec().commandLine().getErr());
        internal.hint(listen).ifPresent(spec().commandLine().getErr()::println);
        var port = internal.port(listen);
        var allowedHosts = new ArrayList<>(listen.allowedHosts());
        allowedHosts.add(port.advertisedHost());
        return ApiService.start(new ApiConfig(
                kafka(),
                instance(),
                listen.host(),
                listen.port(),
                internal.isAdvertised() ? port.advertisedHost() : listen.advertisedHost(),
                allowedHosts,
                port,
                files.httpConnections(),
                drain.duration(),
                state(),
                STANDBY_REPLICAS,
                clock));
    }

    @Override
    boolean isReady() throws InterruptedException {
        try (var readiness = new Readiness(address())) {
            boolean isReady = readiness.isReady(0);
            hasOrchestrator = readiness.hasOrchestrator();
            waitingFor = readiness.lastAnswer();
            return isReady;
        }
    }

    @Override
    Optional<String> warning() {
        return hasOrchestrator
                ? Optional.empty()
                : Optional.of(
                        "No orchestrator runs on this Kafka cluster: the past can be read, but submitted tasks are"
                                + " not placed until an orchestrator runs.");
    }

    private URI address() {
        return listen.address();
    }

    @Override
    String waitingFor() {
        return waitingFor;
    }

    @Override
    String describe() {
        return address().toString();
    }
}
