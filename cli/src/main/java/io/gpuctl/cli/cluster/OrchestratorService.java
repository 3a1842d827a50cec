package io.gpuctl.cli.cluster;

import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import io.micrometer.core.instrument.Metrics;
import java.util.Optional;

/** The orchestrator in this process. */
record OrchestratorService(OrchestratorApp app, SourceService metrics) implements Service {

    static OrchestratorService start(OrchestratorConfig config) {
        var app = OrchestratorApp.start(config, Metrics.globalRegistry);
        return new OrchestratorService(app, SourceService.start(app.metrics()));
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
        metrics.close();
        app.close();
    }
}
