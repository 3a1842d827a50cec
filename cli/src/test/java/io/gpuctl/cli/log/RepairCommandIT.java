package io.gpuctl.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.LiveCluster;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damages the logs of a cluster that ran, repairs them, and uses them again: every submitted task ends. */
@Timeout(300)
class RepairCommandIT {
    private static final int TASKS = 12;
    private static final LiveCluster.Setup SETUP = new LiveCluster.Setup(ClusterClock.atSpeed(20), "fifo", 1, 8);
    private static final int PARTITION = PoolPartitioner.partition(PoolId.DEFAULT);

    @TempDir
    static Path original;

    @TempDir
    Path parent;

    private Path data;

    @BeforeAll
    static void runACluster() throws Exception {
        try (var broker = LiveCluster.startBroker(original.resolve("data"))) {
            run(broker, original.resolve("state"), TASKS);
        }
    }

    /** Submits the tasks, and returns when all have completed. */
    private static void run(EmbeddedBroker broker, Path state, int tasks) throws Exception {
        try (var cluster = LiveCluster.start(broker, SETUP, state)) {
            cluster.submit(IntStream.range(0, tasks)
                    .mapToObj(i -> TaskSpec.of(new TaskId("t" + i), GpuRequest.whole(2, 16_384), Work.lasting(20_000)))
                    .toList());
            cluster.awaitCompleted(tasks);
            cluster.assertHasNotFailed();
        }
    }

    @BeforeEach
    void copy() throws IOException {
        data = parent.resolve("data");
        try (Stream<Path> files = Files.walk(original.resolve("data"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, data.resolve(original.resolve("data").relativize(file)));
            }
        }
    }

    @Test
    void leavesWhatIsWholeAlone() {
        assertThat(repair().out()).contains("Nothing is damaged");
    }

    @Test
    void decidesAgainWhatWasInTheFactsThatAreCut() throws Exception {
        truncate(Topics.CLUSTER_EVENTS.name());

        CommandRun asked = CommandRun.local("log", "repair", "--data", data.toString());
        CommandRun repaired = repair();

        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.out()).contains("cluster-events-" + PARTITION, "Nothing was changed");
        assertThat(repaired.err()).isEmpty();
        assertThat(repaired.exitCode()).isZero();
        assertGoesOn();
    }

    @Test
    void foldsTheStoredStateFromTheFacts() throws Exception {
        truncate(OrchestratorApp.STATE_CHANGELOG);

        assertThat(repair().exitCode()).isZero();
        assertGoesOn();
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data))) {
            CommandRun verified = CommandRun.local("verify", "--kafka", broker.bootstrapServers());
            assertThat(verified.exitCode()).as(verified.out()).isZero();
        }
    }

    @Test
    void leavesToANewerProgramWhatThatHasWritten() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data))) {
            startNewerProgram(KafkaConnection.of(broker.bootstrapServers()));
        }
        truncate(OrchestratorApp.STATE_CHANGELOG);
        long bytes = Files.size(segment(OrchestratorApp.STATE_CHANGELOG));

        assertThatThrownBy(this::repair).isInstanceOf(NewerLogError.class);

        assertThat(Files.size(segment(OrchestratorApp.STATE_CHANGELOG))).isEqualTo(bytes);
    }

    private static void startNewerProgram(KafkaConnection kafka) throws Exception {
        var needed = new ReaderVersion(ReaderVersion.ofThisProgram().number() + 1);
        var started = new ClusterEvent.OrchestratorStarted(PoolId.DEFAULT, "newer", needed);
        Fact fact = new Fact(PoolId.DEFAULT, 1_000_000, SETUP.clock().nowMs(), Cause.TIMER, started);
        try (var producer = new KafkaProducer<String, Fact>(
                kafka.with(Map.of()), new StringSerializer(), Topics.CLUSTER_EVENTS.serializer())) {
            producer.send(new ProducerRecord<>(Topics.CLUSTER_EVENTS.name(), PARTITION, "default", fact))
                    .get();
        }
    }

    @Test
    void namesTheSubmissionsThatAreLost() throws Exception {
        Path log = segment(Topics.TASK_COMMANDS.name());
        try (var channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {0x55}), 100);
        }

        CommandRun repaired = repair();

        assertThat(repaired.exitCode()).isZero();
        assertThat(repaired.out()).contains(log.toString(), "lost: the submission of task t" + (TASKS - 1));
    }

    @Test
    void aNewDirectoryGoesOnFromAnExport() throws Exception {
        Path log = parent.resolve("log");
        CommandRun exported = CommandRun.local("log", "export", "--data", data.toString(), "-o", log.toString());
        data = parent.resolve("restored");
        CommandRun imported = CommandRun.local("log", "import", log.toString(), "--data", data.toString());

        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertGoesOn();
    }

    private CommandRun repair() {
        return CommandRun.local("log", "repair", "--data", data.toString(), "--yes");
    }

    private Path segment(String topic) {
        return data.resolve("kafka").resolve(topic + "-" + PARTITION).resolve("00000000000000000000.log");
    }

    private void truncate(String topic) throws IOException {
        try (var channel = FileChannel.open(segment(topic), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() * 6 / 10);
        }
    }

    private void assertGoesOn() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data))) {
            run(broker, parent.resolve("state"), TASKS + 1); // All tasks again, and one more.
        }
    }
}
