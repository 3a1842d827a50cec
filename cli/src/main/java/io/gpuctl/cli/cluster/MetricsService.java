package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.metrics.Health;
import io.gpuctl.cli.metrics.MetricsServer;
import java.io.IOException;
import java.util.Optional;

/** The metrics server of a process without an API. */
record MetricsService(MetricsServer server) implements Service {

    static MetricsService start(MetricsOptions options, Health health) {
        try {
            return new MetricsService(MetricsServer.start(options.host(), options.port(), health));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The metrics cannot be served on %s, port %d (%s). Choose another with --metrics-port or --metrics-host."
                            .formatted(options.host(), options.port(), e.getMessage()),
                    e);
        }
    }

    /** Returns the address, for people. */
    String describe() {
        var address = server.address();
        String host = address.getAddress().getHostAddress();
        return "http://%s:%d/metrics".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
    }

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        server.close();
    }
}
