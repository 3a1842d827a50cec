package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.faults.FaultLaws;
import io.gpuctl.simulator.runtime.FaultSettings;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs simulated nodes. */
@Command(name = "simulator", description = "Runs simulated nodes.")
final class RunSimulatorCommand extends RunServiceCommand {

    @Mixin
    private NodeOptions nodes = new NodeOptions();

    @Mixin
    private FaultsOption faults = new FaultsOption();

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    @Option(
            names = "--id-prefix",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Prefix of the nodes' ids, so that two simulators do not use the same ids.")
    private String idPrefix = "";

    @Option(
            names = "--leave",
            description = {
                "When the simulator is stopped, its nodes shut down, and their tasks are restarted on other nodes.",
                "Without this option, the nodes of a simulator with a name (--instance) are suspended, and their"
                        + " tasks continue if the simulator is restarted before the nodes count as lost. The nodes of"
                        + " a simulator without a name always shut down."
            })
    private boolean leave;

    private SimulatedNodes simulated = new SimulatedNodes(List.of(), GpuModels.builtIn(), Duration.ZERO);
    private FaultSettings faultSettings = new FaultSettings(FaultLaws.OFF, 0);
    private @Nullable SimulatorService service;

    @Override
    void checkSettings() {
        simulated = nodes.nodes(idPrefix);
        faultSettings = faults.settings();
    }

    @Override
    Optional<MetricsOptions> metrics() {
        return Optional.of(metrics);
    }

    @Override
    Service start(ClusterClock clock) {
        var config = new SimulatorConfig(
                        kafka(), simulated.inventories(), simulated.models(), clock, instance(), faultSettings)
                .withTelemetryInterval(simulated.telemetryInterval());
        service = SimulatorService.start(leave || !comesBack() ? config : config.withSuspensionFile(suspendedNodes()));
        return service;
    }

    @Override
    boolean isReady() {
        return service != null && service.app().isRunning();
    }

    @Override
    String waitingFor() {
        return "the nodes wait for Kafka, or for the cluster's time";
    }

    @Override
    String describe() {
        return simulated.describe();
    }
}
