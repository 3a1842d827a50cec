package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.kafka.Changelogs;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TimelyDeserializer;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Connects the core to its topics. Never change a name here: the names are stored on the broker. */
final class OrchestratorTopology {
    static final String STATE_STORE = "orchestrator-state";
    static final String DECIDE = "decide";
    static final String WRITE_FACTS = "write-cluster-events";
    static final String WRITE_COMMANDS = "write-placements";

    private OrchestratorTopology() {}

    static Topology build(OrchestratorConfig config, CommitPace pace, SchedulerMetrics metrics) {
        Topology topology = new Topology();
        InputOrder order = new InputOrder(config.clock().wallTime());
        for (Topic<? extends PoolInput> topic : Topics.INPUTS) {
            source(topology, topic, config.clock(), order);
        }
        topology.addProcessor(
                DECIDE,
                () -> new DecideProcessor(config, order, pace, metrics),
                Topics.INPUTS.stream().map(OrchestratorTopology::sourceOf).toArray(String[]::new));
        topology.addStateStore(stateStore(), DECIDE);
        sink(topology, WRITE_FACTS, Topics.CLUSTER_EVENTS);
        sink(topology, WRITE_COMMANDS, Topics.PLACEMENTS);
        return topology;
    }

    private static String sourceOf(Topic<? extends PoolInput> topic) {
        return "read-" + topic.name();
    }

    private static void source(
            Topology topology, Topic<? extends PoolInput> topic, ClusterClock clock, InputOrder order) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                sourceOf(topic),
                order,
                new StringDeserializer(),
                new TimelyDeserializer<>(topic, clock),
                topic.name());
    }

    private static <V extends PoolScoped> void sink(Topology topology, String name, Topic<V> topic) {
        StreamPartitioner<String, V> partitioner = (topicName, key, value, partitions) ->
                Optional.of(Set.of(PoolPartitioner.partition(value.pool(), partitions)));
        topology.addSink(name, topic.name(), new StringSerializer(), topic.serializer(), partitioner, DECIDE);
    }

    /**
     * Returns an in-memory store: after a crash a copy on disk would be discarded anyway, and restored from the
     * changelog.
     */
    private static StoreBuilder<KeyValueStore<String, byte[]>> stateStore() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(STATE_STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Changelogs.CONFIGS);
    }
}
