package io.gpuctl.cli.cluster;

import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import java.util.Optional;

/** The orchestrator in this process. */
record OrchestratorService(OrchestratorApp app) implements Service {

    static OrchestratorService start(OrchestratorConfig config) {
        return new OrchestratorService(OrchestratorApp.start(config));
    }

    @Override
    public String name() {
        return "orchestrator";
    }

    @Override
    public Optional<Throwable> failure() {
        return app.failure();
    }

    boolean isRunning() {
        return app.isRunning();
    }

    @Override
    public void close() {
        app.close();
    }
}
