package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.KafkaFailures;
import io.gpuctl.events.kafka.KafkaProblem;
import io.gpuctl.simulator.runtime.SimulatorApp;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import io.gpuctl.simulator.runtime.SimulatorStartException;
import io.micrometer.core.instrument.Metrics;
import java.util.Optional;

/** Simulated nodes in this process. */
record SimulatorService(SimulatorApp app, SourceService metrics) implements Service {

    static SimulatorService start(SimulatorConfig config) {
        try {
            var app = SimulatorApp.start(config, Metrics.globalRegistry, _ -> {});
            return new SimulatorService(app, SourceService.start(app::collect));
        } catch (SimulatorStartException e) {
            if (KafkaProblem.of(e, config.kafka()).isPresent()) {
                throw KafkaFailures.of(config.kafka(), e);
            }
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String name() {
        return "simulator";
    }

    @Override
    public Optional<Throwable> failure() {
        return app.failure();
    }

    @Override
    public void close() {
        metrics.close();
        app.close();
    }
}
