package io.gpuctl.api.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Selects which of Kafka's own metrics are served. Kafka Streams has some hundred metrics for each store and partition,
 * and records most of them only at debug level. Of the metrics of single stores, only those of their size are served.
 */
@ApplicationScoped
public class KafkaMeters {
    private static final String OF_STORES = "kafka.stream.state.";
    private static final String OF_CACHES = "kafka.stream.record.cache.";
    private static final Set<String> KEPT = Set.of(
            "kafka.stream.state.num.keys",
            "kafka.stream.state.estimate.num.keys",
            "kafka.stream.state.total.sst.files.size",
            "kafka.stream.state.size.all.mem.tables",
            "kafka.stream.state.block.cache.usage");

    /** The filter for every registry that Prometheus scrapes. */
    public static final MeterFilter FILTER = new MeterFilter() {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            String name = id.getName();
            boolean isOfOneStore = name.startsWith(OF_STORES) || name.startsWith(OF_CACHES);
            return isOfOneStore && !KEPT.contains(name) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }
    };

    @Produces
    @Singleton
    MeterFilter filter() {
        return FILTER;
    }
}
