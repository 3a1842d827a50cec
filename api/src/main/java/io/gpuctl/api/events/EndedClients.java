package io.gpuctl.api.events;

import io.gpuctl.events.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the clients of {@code /events} that the service disconnected, and logs some of them. */
@ApplicationScoped
class EndedClients {

    /** Why a client was disconnected. */
    enum Reason {
        /** The client read more slowly than facts arrived. */
        SLOW,
        /** The client took nothing for a long time. */
        STUCK,
        /** Another client needed its place. */
        DISPLACED,
        /** The log could not be read. */
        LOG_AWAY
    }

    /** Minimum time between two log lines, so that a client that keeps reconnecting does not fill the log. */
    private static final long SAY_AGAIN_NANOS = 30_000_000_000L;

    private final MeterRegistry metrics;
    private final AtomicLong saidNanos = new AtomicLong(System.nanoTime() - SAY_AGAIN_NANOS);

    EndedClients(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void count(Reason reason) {
        String name = reason.name().toLowerCase(Locale.ROOT);
        Counter.builder("gpuctl.events.clients.ended")
                .description(Metric.EVENT_CLIENTS_ENDED.help())
                .tag("reason", name)
                .register(metrics)
                .increment();
        long said = saidNanos.get();
        long now = System.nanoTime();
        if (now - said >= SAY_AGAIN_NANOS && saidNanos.compareAndSet(said, now)) {
            Log.infof("A client of /events was disconnected: %s", name.replace('_', ' '));
        }
    }
}
