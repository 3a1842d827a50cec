package io.gpuctl.telemetry.runtime;

import static java.util.Objects.requireNonNull;

import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.logging.LogFields;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.PoolViewsFold;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds facts into the views. */
final class FactProcessor implements Processor<String, Fact, Void, Void> {
    private static final Logger LOG = LoggerFactory.getLogger(FactProcessor.class);

    /** Pools whose missing facts were logged. They are logged once; the pool's view counts them. */
    private final Set<PoolId> reported = new HashSet<>();

    private @Nullable PoolViewsFold fold;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        requireReadable(context.getStateStore(ViewStores.POOLS));
        fold = new PoolViewsFold(new KafkaViewStore(context));
    }

    /**
     * Reads all stored pools. If a newer program has processed this partition, only its stored views still show this.
     *
     * @throws io.gpuctl.events.NewerLogError if this program cannot read a stored view
     */
    private static void requireReadable(KeyValueStore<String, PoolView> pools) {
        try (var all = pools.all()) {
            all.forEachRemaining(_ -> {}); // Reading is the check.
        }
    }

    @Override
    public void process(Record<String, Fact> record) {
        Fact fact = record.value();
        PoolViewsFold.Outcome outcome = requireNonNull(fold).apply(fact);
        if (outcome.missing() > 0 && reported.add(fact.pool())) {
            try (var _ = LogFields.of(fact.pool())) {
                LOG.error(
                        "{} facts of pool {} before fact {} were not applied because the log lacks some of them: the views of this pool are wrong",
                        outcome.missing(),
                        fact.pool(),
                        fact.sequence());
            }
        }
        if (!outcome.matched()) {
            try (var _ = LogFields.of(fact)) {
                LOG.warn("Fact {} of pool {} does not fit the views: {}", fact.sequence(), fact.pool(), fact.event());
            }
        }
    }
}
