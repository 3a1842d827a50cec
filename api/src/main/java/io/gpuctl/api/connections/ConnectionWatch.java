package io.gpuctl.api.connections;

import io.gpuctl.api.connections.Connection.EndReason;
import io.gpuctl.events.metrics.Metric;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Checks the connections each second, counts them, and logs when they are at their limit. */
@ApplicationScoped
class ConnectionWatch {

    private static final long PERIOD_MS = 1_000;

    /** Minimum time between two log lines, so that a flood of connections does not flood the log. */
    private static final long SAY_AGAIN_NANOS = 30_000_000_000L;

    private final Vertx vertx;
    private final List<Connections> listeners = LimitedTransport.listeners();
    private final MeterRegistry metrics;
    private long timer;
    private long displacedBefore;
    private long saidNanos = System.nanoTime() - SAY_AGAIN_NANOS;

    ConnectionWatch(Vertx vertx, MeterRegistry metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Gauge.builder("gpuctl.http.connections", () -> sum(Connections::count))
                .description(Metric.HTTP_CONNECTIONS.help())
                .register(metrics);
        FunctionCounter.builder("gpuctl.http.connections.refused", this, watch -> watch.sum(Connections::refused))
                .description(Metric.HTTP_CONNECTIONS_REFUSED.help())
                .register(metrics);
        for (var reason : EndReason.values()) {
            FunctionCounter.builder("gpuctl.http.connections.ended", this, watch -> watch.sum(all -> all.ended(reason)))
                    .description(Metric.HTTP_CONNECTIONS_ENDED.help())
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
        timer = vertx.setPeriodic(PERIOD_MS, _ -> check());
    }

    private void check() {
        listeners.forEach(Connections::endOverdue);
        long displaced = sum(Connections::refused) + sum(all -> all.ended(EndReason.ROOM_FOR_ANOTHER));
        if (displaced > displacedBefore && System.nanoTime() - saidNanos > SAY_AGAIN_NANOS) {
            saidNanos = System.nanoTime();
            Log.warnf(
                    "The HTTP connections are at their limit: %d were closed to make room or were refused",
                    displaced - displacedBefore);
            displacedBefore = displaced;
        }
    }

    private long sum(ToLongFunction<Connections> number) {
        return listeners.stream().mapToLong(number).sum();
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }
}
