package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TimelyDeserializer;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.conditions.ConditionSmoother;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * The topology of two independent parts. Commands and facts become views, with one Streams task per partition of pools.
 * Telemetry becomes windows and conditions, with one Streams task per partition of nodes.
 */
final class ViewsTopology {
    private static final String READ_COMMANDS = "read-task-commands";
    private static final String READ_FACTS = "read-cluster-events";
    private static final String READ_TELEMETRY = "read-gpu-telemetry";
    private static final String SEE_COMMANDS = "see-commands";
    private static final String FOLD_FACTS = "fold-facts";
    private static final String WATCH_NODES = "watch-nodes";
    private static final String WRITE_CONDITIONS = "write-node-conditions";

    private static final StreamPartitioner<String, NodeCondition> BY_POOL = (_, _, condition, partitions) ->
            Optional.of(Set.of(PoolPartitioner.partition(condition.pool(), partitions)));

    private ViewsTopology() {}

    static Topology build(ClusterClock clock, CommandsSeen commandsSeen) {
        Topology topology = new Topology();
        addViews(topology, clock, commandsSeen);
        addTelemetry(topology, clock);
        return topology;
    }

    private static void addViews(Topology topology, ClusterClock clock, CommandsSeen commandsSeen) {
        read(topology, READ_COMMANDS, Topics.TASK_COMMANDS, Topics.TASK_COMMANDS.deserializer());
        read(topology, READ_FACTS, Topics.CLUSTER_EVENTS, Topics.CLUSTER_EVENTS.deserializer());
        topology.addProcessor(SEE_COMMANDS, () -> new CommandProcessor(clock, commandsSeen), READ_COMMANDS)
                .addProcessor(FOLD_FACTS, FactProcessor::new, READ_FACTS)
                .addStateStore(ViewStores.tasks(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.taskIndex(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.activeTaskIndex(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.taskHistory(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.nodeHistory(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.nodes(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.holds(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.pools(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.users(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.claims(), SEE_COMMANDS, FOLD_FACTS)
                .addStateStore(ViewStores.positions(), SEE_COMMANDS, FOLD_FACTS);
    }

    private static void addTelemetry(Topology topology, ClusterClock clock) {
        ConditionSmoother smoother = ConditionSmoother.atSpeed(clock.speed());
        read(topology, READ_TELEMETRY, Topics.GPU_TELEMETRY, new TimelyDeserializer<>(Topics.GPU_TELEMETRY, clock));
        topology.addProcessor(WATCH_NODES, () -> new TelemetryProcessor(smoother), READ_TELEMETRY)
                .addStateStore(ViewStores.telemetry(), WATCH_NODES)
                .addStateStore(ViewStores.windows(), WATCH_NODES)
                .addStateStore(ViewStores.conditions(), WATCH_NODES)
                .addStateStore(ViewStores.summary(), WATCH_NODES)
                .addSink(
                        WRITE_CONDITIONS,
                        Topics.NODE_CONDITIONS.name(),
                        new StringSerializer(),
                        Topics.NODE_CONDITIONS.serializer(),
                        BY_POOL,
                        WATCH_NODES);
    }

    private static void read(Topology topology, String name, Topic<?> topic, Deserializer<?> deserializer) {
        topology.addSource(AutoOffsetReset.earliest(), name, new StringDeserializer(), deserializer, topic.name());
    }
}
