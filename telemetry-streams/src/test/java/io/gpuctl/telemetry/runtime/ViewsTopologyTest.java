package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.conditions.TelemetryWindows;
import io.gpuctl.telemetry.views.FactLog;
import io.gpuctl.telemetry.views.PoolViewsFold;
import io.gpuctl.telemetry.views.StoreKeys;
import io.gpuctl.telemetry.views.TaskView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsTopologyTest {
    private static final NodeId NODE = new NodeId("n1");

    @TempDir
    Path directory;

    private final CommandsSeen commandsSeen = new CommandsSeen(Runnable::run);
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, ViewsApp.APPLICATION_ID);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, SkipUnreadable.class);
        settings.put(SkipUnreadable.COMMANDS_SEEN_CONFIG, commandsSeen);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        settings.put("processing.exception.handler.global.enabled", true);
        driver =
                new TopologyTestDriver(ViewsTopology.build(ClusterClock.wall(), commandsSeen), settings, Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private <V> TestInputTopic<String, V> input(Topic<V> topic) {
        return driver.createInputTopic(topic.name(), new StringSerializer(), topic.serializer());
    }

    private <V> List<V> all(String store) {
        KeyValueStore<String, V> values = driver.getKeyValueStore(store);
        List<V> all = new ArrayList<>();
        try (KeyValueIterator<String, V> entries = values.all()) {
            entries.forEachRemaining(entry -> all.add(entry.value));
        }
        return all;
    }

    private static NodeTelemetry sample(long atMs, double temperatureCelsius) {
        return new NodeTelemetry(
                NODE,
                PoolId.DEFAULT,
                atMs,
                List.of(new NodeTelemetry.Gpu(0.5, 1_000, 100, temperatureCelsius, 1_400, false)));
    }

    @Test
    void looksLikeThis() throws Exception {
        String printed = ViewsTopology.build(ClusterClock.wall(), commandsSeen)
                .describe()
                .toString();

        try (var golden = getClass().getResourceAsStream("/views-topology.txt")) {
            assertThat(printed.strip()).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void foldsFacts() {
        FactLog log =
                new FactLog(PoolId.DEFAULT).configured(10).registered("n1", 7).submitted("t1");
        log.placed("t1", 1, "n1", 7, 0).completed("t1", 1);
        TestInputTopic<String, Fact> facts = input(Topics.CLUSTER_EVENTS);

        log.facts().forEach(fact -> facts.pipeInput(fact.event().subject(), fact));

        assertThat(this.<TaskView>all(ViewStores.TASKS))
                .extracting(TaskView::state)
                .containsExactly(TaskState.COMPLETED);
        assertThat(all(ViewStores.TASK_HISTORY)).hasSize(3);
        assertThat(all(ViewStores.TASK_INDEX)).hasSize(3);
        assertThat(all(ViewStores.ACTIVE_TASK_INDEX)).isEmpty();
        assertThat(all(ViewStores.NODES)).hasSize(1);
        assertThat(all(ViewStores.POOLS)).hasSize(1);
    }

    @Test
    void keepsTheNewestFactsOfANodeAndTheirNumber() {
        FactLog log = new FactLog(PoolId.DEFAULT).configured(10).registered("n1", 7);
        for (int i = 0; i < PoolViewsFold.NODE_HISTORY_SIZE_MAX; i++) {
            log.add(new ClusterEvent.NodeSuspected(NODE), new ClusterEvent.NodeRecovered(NODE));
        }
        TestInputTopic<String, Fact> facts = input(Topics.CLUSTER_EVENTS);

        log.facts().forEach(fact -> facts.pipeInput(fact.event().subject(), fact));

        List<Fact> all = log.facts();
        assertThat(this.<Fact>all(ViewStores.NODE_HISTORY))
                .isEqualTo(all.subList(all.size() - PoolViewsFold.NODE_HISTORY_SIZE_MAX, all.size()));
        KeyValueStore<String, Fact> store = driver.getKeyValueStore(ViewStores.NODE_HISTORY);
        assertThat(store.get(StoreKeys.nodeHistoryKey(NODE, 2L * PoolViewsFold.NODE_HISTORY_SIZE_MAX)))
                .isEqualTo(log.last());
    }

    @Test
    void showsASubmissionAtOnceAndTellsWhoWaits() {
        TaskCommand command = new TaskCommand.SubmitTask(FactLog.spec("t1", PoolId.DEFAULT), 5);
        var seen = commandsSeen.whenSeen(0, 0).toCompletableFuture();

        input(Topics.TASK_COMMANDS).pipeInput(command.key(), command);

        assertThat(seen).isCompleted();
        assertThat(this.<TaskView>all(ViewStores.TASKS))
                .extracting(TaskView::sequence)
                .containsExactly(0L);
    }

    @Test
    void keepsTelemetryInWindowsOfAnHour() {
        TestInputTopic<String, NodeTelemetry> telemetry = input(Topics.GPU_TELEMETRY);
        long lastMs = 2 * TelemetryWindows.KEPT_MS;

        for (long atMs = 0; atMs <= lastMs; atMs += 5_000) {
            telemetry.pipeInput("n1", sample(atMs, 40));
        }

        List<TelemetryWindow> windows = all(ViewStores.WINDOWS);
        assertThat(windows).hasSize(360);
        assertThat(windows.getFirst().startMs()).isEqualTo(lastMs - TelemetryWindows.KEPT_MS + 10_000);
        assertThat(windows.getFirst().samples()).isEqualTo(2);
        assertThat(this.<NodeTelemetry>all(ViewStores.TELEMETRY)).containsExactly(sample(lastMs, 40));
    }

    @Test
    void writesConditionsOnChangeOnly() {
        TestOutputTopic<String, NodeCondition> conditions = driver.createOutputTopic(
                Topics.NODE_CONDITIONS.name(), new StringDeserializer(), Topics.NODE_CONDITIONS.deserializer());
        TestInputTopic<String, NodeTelemetry> telemetry = input(Topics.GPU_TELEMETRY);

        telemetry.pipeInput("n1", sample(0, 40));
        telemetry.pipeInput("n1", sample(10_000, 40.5));
        telemetry.pipeInput("n1", sample(60_000, 70));

        assertThat(conditions.readKeyValuesToList())
                .extracting(record ->
                        KeyValue.pair(record.key, record.value.gpus().getFirst().temperatureCelsius()))
                .containsExactly(KeyValue.pair("n1", 40.0), KeyValue.pair("n1", 70.0));
    }

    @Test
    void leavesSilentNodesOutOfTheSummaryAndForgetsThemLater() {
        NodeTelemetry sample = sample(0, 40).every(8_000);
        input(Topics.GPU_TELEMETRY).pipeInput("n1", sample);
        driver.advanceWallClockTime(sample.currentFor());
        List<TelemetrySummary> whileHeard = all(ViewStores.SUMMARY);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        List<TelemetrySummary> whileSilent = all(ViewStores.SUMMARY);

        driver.advanceWallClockTime(Duration.ofHours(2));

        assertThat(whileHeard).extracting(TelemetrySummary::nodes).containsExactly(1);
        assertThat(whileSilent).containsExactly(TelemetrySummary.EMPTY);
        assertThat(all(ViewStores.TELEMETRY)).isEmpty();
        assertThat(all(ViewStores.WINDOWS)).isEmpty();
        assertThat(all(ViewStores.CONDITIONS)).isEmpty();
    }

    @Test
    void sendsWhatItCannotReadToTheDeadLettersAndGoesOn() {
        TestOutputTopic<byte[], byte[]> letters = driver.createOutputTopic(
                Topics.DEAD_LETTERS.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        for (String topic : List.of("task-commands", "cluster-events", "gpu-telemetry")) {
            TestInputTopic<byte[], byte[]> garbage =
                    driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
            garbage.pipeInput((byte[]) null, new byte[] {1, 2, 3});
            garbage.pipeInput(new byte[] {-1}, (byte[]) null);
            garbage.pipeInput((byte[]) null, "null".getBytes(StandardCharsets.UTF_8));
        }
        input(Topics.GPU_TELEMETRY).pipeInput("n1", sample(0, 40));

        assertThat(letters.readRecordsToList())
                .hasSize(9)
                .allMatch(letter -> letter.headers().lastHeader("__streams.errors.exception") != null);
        assertThat(all(ViewStores.TELEMETRY)).hasSize(1);
    }

    @Test
    void unreadableCommandsHoldNobodyUp() {
        TaskCommand command = new TaskCommand.SubmitTask(FactLog.spec("t1", PoolId.DEFAULT), 5);
        TestInputTopic<String, byte[]> garbage =
                driver.createInputTopic(Topics.TASK_COMMANDS.name(), new StringSerializer(), new ByteArraySerializer());
        var seen = commandsSeen.whenSeen(0, 2).toCompletableFuture();

        input(Topics.TASK_COMMANDS).pipeInput(command.key(), command);
        garbage.pipeInput("x", new byte[] {1});
        garbage.pipeInput("y", new byte[] {2});

        assertThat(seen).isCompleted();
    }
}
