package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.cli.kafka.TopicEnds;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.orchestrator.runtime.OrchestratorConfig;
import io.gpuctl.simulator.runtime.SimulatorApp;
import io.gpuctl.simulator.runtime.SimulatorConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A real orchestrator and a real simulator in this JVM, with one pool. The broker is the test's own: after a close,
 * another cluster can continue on the same log. For one thread at a time.
 */
public final class LiveCluster implements AutoCloseable {

    private static final TopicPartition FACTS =
            new TopicPartition(Topics.CLUSTER_EVENTS.name(), PoolPartitioner.partition(PoolId.DEFAULT));

    private final KafkaConnection kafka;
    private final ClusterClock clock;
    private final OrchestratorApp orchestrator;
    private final SimulatorApp simulator;

    private LiveCluster(
            KafkaConnection kafka, ClusterClock clock, OrchestratorApp orchestrator, SimulatorApp simulator) {
        this.kafka = kafka;
        this.clock = clock;
        this.orchestrator = orchestrator;
        this.simulator = simulator;
    }

    /**
     * The settings in which tests differ.
     *
     * @param clock the cluster's time
     * @param policy the name of the scheduling policy
     * @param nodes how many nodes there are: n0, n1 and so on
     * @param gpusPerNode of 80 GiB each
     */
    public record Setup(ClusterClock clock, String policy, int nodes, int gpusPerNode) {

        private PoolSettings settings() {
            PoolSettings wall = PoolSettings.withPolicy(PolicySpec.named(policy));
            // The timeouts for silent nodes are measured in wall-clock time.
            return wall.withSilence(
                    clock.clusterDurationMs(wall.suspectAfterMs()), clock.clusterDurationMs(wall.lostAfterMs()));
        }

        private List<NodeInventory> inventories() {
            return IntStream.range(0, nodes)
                    .mapToObj(i -> new NodeInventory(
                            new NodeId("n" + i),
                            PoolId.DEFAULT,
                            "A100-SXM4-80GB",
                            gpusPerNode,
                            81_920,
                            128_000,
                            1_048_576,
                            60,
                            400,
                            25,
                            85))
                    .toList();
        }
    }

    /** Starts a broker with all topics on this directory. */
    public static EmbeddedBroker startBroker(Path data) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data));
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicSetup.ensureTopics(admin);
        }
        return broker;
    }

    /**
     * Starts the services.
     *
     * @param state where the orchestrator keeps its state between two starts
     */
    public static LiveCluster start(EmbeddedBroker broker, Setup setup, Path state) {
        KafkaConnection kafka = KafkaConnection.of(broker.bootstrapServers());
        var orchestrator = OrchestratorApp.start(
                new OrchestratorConfig(kafka, "orchestrator", state, setup.clock(), setup.settings(), 0));
        var simulator = SimulatorApp.start(new SimulatorConfig(kafka, setup.inventories(), setup.clock(), "nodes"));
        return new LiveCluster(kafka, setup.clock(), orchestrator, simulator);
    }

    public boolean isRunning() {
        return orchestrator.isRunning() && simulator.isRunning();
    }

    /** Submits tasks, and returns when the log has all of them. */
    public void submit(List<TaskSpec> tasks) throws Exception {
        try (var producer = new KafkaProducer<String, TaskCommand>(
                kafka.with(Map.of("partitioner.class", PoolPartitioner.class.getName())),
                new StringSerializer(),
                Topics.TASK_COMMANDS.serializer())) {
            for (TaskSpec task : tasks) {
                TaskCommand command = new TaskCommand.SubmitTask(task, clock.nowMs());
                producer.send(new ProducerRecord<>(Topics.TASK_COMMANDS.name(), command.key(), command))
                        .get();
            }
        }
    }

    /** Waits until at least this many tasks have completed, according to the facts. */
    public void awaitCompleted(int tasks) {
        await().atMost(Duration.ofMinutes(2)).until(() -> completedTasks() >= tasks);
    }

    private int completedTasks() {
        Set<TaskId> completed = new HashSet<>();
        try (var topics = new TopicEnds(kafka)) {
            long end = topics.committedEnds(List.of(FACTS)).getOrDefault(FACTS, 0L);
            try (var progress = new Progress("reading", null);
                    var reader = new PartitionReader(kafka, FACTS, 0, end, progress);
                    var deserializer = Topics.CLUSTER_EVENTS.deserializer()) {
                while (reader.hasNext()) {
                    if (deserializer
                                    .deserialize(FACTS.topic(), reader.next().value())
                                    .event()
                            instanceof ClusterEvent.TaskCompleted event) {
                        completed.add(event.taskId());
                    }
                }
            }
        }
        return completed.size();
    }

    /** Fails if a service has failed. */
    public void assertHasNotFailed() {
        assertThat(orchestrator.failure()).isEmpty();
        assertThat(simulator.failure()).isEmpty();
    }

    /** Stops the services: the nodes first, so that the orchestrator can still receive their messages. */
    @Override
    public void close() {
        simulator.close();
        orchestrator.close();
    }
}
