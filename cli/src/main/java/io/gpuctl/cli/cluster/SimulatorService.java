package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.simulator.runtime.SimulatorApp;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import io.gpuctl.simulator.runtime.SimulatorStartException;
import java.util.Optional;

/** Simulated nodes in this process. */
record SimulatorService(SimulatorApp app) implements Service {

    static SimulatorService start(SimulatorConfig config) {
        try {
            return new SimulatorService(SimulatorApp.start(config));
        } catch (SimulatorStartException e) {
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
        app.close();
    }
}
