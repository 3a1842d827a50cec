package io.gpuctl.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent.NodeSuspected;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads logs as they were written, and after they were damaged. */
class EventLogFilesTest {
    private static final String FACTS = "cluster-events";
    private static final String FACTS_FILE = "cluster-events-0.jsonl.gz";

    @TempDir
    Path parent;

    private Path directory;

    /**
     * Two facts with a gap between them, as transactions leave it, and an unreadable record; an empty partition;
     * another topic.
     */
    @BeforeEach
    void write() throws IOException {
        directory = parent.resolve("log");
        write(directory);
    }

    private static void write(Path directory) throws IOException {
        try (EventLogWriter log = EventLogWriter.create(directory)) {
            log.finish(LogManifest.of(
                    "gpuctl test",
                    "2026-01-01T00:00:00Z",
                    null,
                    5_000L,
                    List.of(
                            new TopicFiles(
                                    FACTS,
                                    List.of(
                                            file(
                                                    log,
                                                    FACTS,
                                                    0,
                                                    fact(0, 1_000),
                                                    fact(2, 3_000),
                                                    record(0, 5, 2_000, "?")),
                                            file(log, FACTS, 1))),
                            new TopicFiles(
                                    "task-commands",
                                    List.of(file(
                                            log,
                                            "task-commands",
                                            0,
                                            record(0, 0, 1_000, "{}"),
                                            record(0, 1, 500, "{}"),
                                            record(0, 2, 2_500, "{}")))))));
        }
    }

    private static PartitionFile file(EventLogWriter log, String topic, int partition, RawRecord... records) {
        try (PartitionFileWriter writer = log.partition(topic, partition)) {
            for (RawRecord record : records) {
                writer.add(record);
            }
            return writer.finish();
        }
    }

    private static RawRecord fact(long offset, long timestampMs) throws IOException {
        Fact fact =
                new Fact(PoolId.DEFAULT, offset + 1, 40_000, Cause.TIMER, new NodeSuspected(new NodeId("n" + offset)));
        return record(0, offset, timestampMs, EventJson.mapper().writeValueAsString(fact));
    }

    private static RawRecord record(int partition, long offset, long timestampMs, String value) {
        return new RawRecord(partition, offset, timestampMs, null, List.of(), value.getBytes(UTF_8));
    }

    private EventLogReader open() {
        return EventLogReader.open(directory);
    }

    @Test
    void readsFactsWithTheirPlaces() {
        try (Stream<LogRecord<Fact>> facts = open().facts(0)) {
            List<LogRecord<Fact>> read = facts.toList();

            assertThat(read).extracting(LogRecord::offset).containsExactly(0L, 2L, 5L);
            assertThat(read).extracting(LogRecord::timestampMs).containsExactly(1_000L, 3_000L, 2_000L);
            assertThat(read.get(1).value().event()).isEqualTo(new NodeSuspected(new NodeId("n2")));
            assertThat(read.get(1).place())
                    .hasToString(directory.resolve(FACTS_FILE) + ", line 2 (cluster-events-0@2)");
        }
    }

    @Test
    void leavesItToTheReaderWhatToDoWithWhatIsUnreadable() {
        try (Stream<LogRecord<Fact>> facts = open().facts(0)) {
            LogRecord<Fact> unreadable = facts.toList().getLast();

            assertThat(unreadable.isReadable()).isFalse();
            assertThatThrownBy(unreadable::value)
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContainingAll(FACTS_FILE, "line 3", "cluster-events-0@5", "expected a Fact");
        }
    }

    @Test
    void readsEmptyPartitions() {
        try (Stream<LogRecord<Fact>> facts = open().facts(1)) {
            assertThat(facts).isEmpty();
        }
    }

    @Test
    void mergesByTimeAndKeepsTheOrderOfEachPartition() {
        List<String> order = new ArrayList<>();
        try (MergedRecords records = open().inTimeOrder(open().manifest().topics())) {
            records.forEachRemaining(record ->
                    order.add(record.place().topic() + "@" + record.place().offset()));
        }

        assertThat(order)
                .containsExactly(
                        "cluster-events@0",
                        "task-commands@0",
                        "task-commands@1",
                        "task-commands@2",
                        "cluster-events@2",
                        "cluster-events@5");
    }

    @Test
    void saysWhatItHolds() {
        LogManifest manifest = open().manifest();
        PartitionFile facts = manifest.topics().getFirst().partitions().getFirst();

        assertThat(manifest.recordCount()).isEqualTo(6);
        assertThat(facts.records()).isEqualTo(3);
        assertThat(facts.firstOffset()).isZero();
        assertThat(facts.lastOffset()).isEqualTo(5);
        assertThat(facts.firstTimestampMs()).isEqualTo(1_000);
        assertThat(facts.lastTimestampMs()).isEqualTo(3_000);
        assertThat(facts.hasPlainOffsets()).isFalse();
        assertThat(manifest.topics().getLast().partitions().getFirst().hasPlainOffsets())
                .isTrue();
        assertThat(manifest.toMs()).isEqualTo(5_000);
    }

    @Test
    void hasTheSameBytesWheneverItIsWritten() throws IOException {
        Path again = parent.resolve("again");
        write(again);

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(4)
                    .allSatisfy(file ->
                            assertThat(again.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
    }

    @Test
    void leavesNothingOfALogThatWasNotFinished() {
        Path target = parent.resolve("unfinished");
        try (EventLogWriter log = EventLogWriter.create(target)) {
            file(log, FACTS, 0);
        }

        assertThat(parent).isDirectoryNotContaining(path -> path.toString().contains("unfinished"));
    }

    @Test
    void takesAnEmptyDirectoryAndNoOther() throws IOException {
        Path empty = Files.createDirectory(parent.resolve("empty"));
        write(empty);

        assertThat(empty).isNotEmptyDirectory();
        assertThatThrownBy(() -> EventLogWriter.create(empty))
                .isInstanceOf(EventLogException.class)
                .hasMessageContainingAll(empty.toString(), "is not empty");
        assertThatThrownBy(() -> EventLogWriter.create(empty.resolve(FACTS_FILE)))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("is a file, but must be a directory");
    }

    @Test
    void doesNotTouchAnExportThatIsRunning() throws IOException {
        try (var _ = EventLogWriter.create(parent.resolve("new"))) {
            assertThatThrownBy(() -> EventLogWriter.create(parent.resolve("new")))
                    .isInstanceOf(EventLogException.class)
                    .hasMessageContainingAll("new.partial", "interrupted export, or an export is running");
        }
    }

    @Test
    void namesAMissingFile() throws IOException {
        Files.delete(directory.resolve(FACTS_FILE));

        assertFails(this::open, FACTS_FILE, "is missing, but manifest.json lists it with 3 records");
    }

    @Test
    void namesATruncatedFile() throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(FACTS_FILE));
        Files.write(directory.resolve(FACTS_FILE), Arrays.copyOf(bytes, bytes.length - 12));

        assertFails(
                this::open,
                FACTS_FILE,
                "has %,d bytes, but manifest.json says %,d".formatted(bytes.length - 12, bytes.length),
                "truncated");
    }

    @Test
    void namesTheLineOfAChangedFile() throws IOException {
        rewrite(lines -> lines.set(1, lines.get(1).replace("\"offset\":2", "\"offset\":x")));

        assertFails(this::open, FACTS_FILE, "line 2", "not JSON, column");
    }

    @Test
    void namesTheLineOfARecordThatWasChanged() throws IOException {
        rewrite(lines -> lines.set(1, lines.get(1).replace("\"n2\"", "\"n3\"")));

        assertFails(this::open, FACTS_FILE, "line 2", "cluster-events-0@2 is not the exported record");
    }

    @Test
    void namesTheLineWhereOneIsMissing() throws IOException {
        rewrite(lines -> lines.remove(1));

        assertFails(this::open, FACTS_FILE, "line 2", "cluster-events-0@5 is not the exported record");
    }

    @Test
    void readsChangedFilesAsTheyAre() throws IOException {
        rewrite(lines -> lines.set(1, lines.get(1).replace("\"n2\"", "\"n3\"")));
        EventLogReader log = EventLogReader.openAsItIs(directory);

        assertThat(log.changes()).hasSize(1);
        try (Stream<LogRecord<Fact>> facts = log.facts(0)) {
            assertThat(facts.toList().get(1).value().event()).isEqualTo(new NodeSuspected(new NodeId("n3")));
        }
    }

    @Test
    void seesASingleChangedByte() throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(FACTS_FILE));
        bytes[4] ^= 1; // The time in the gzip header, which no reader uses.
        Files.write(directory.resolve(FACTS_FILE), bytes);

        assertFails(this::open, FACTS_FILE, "has the SHA-256", "All its lines can be read");
    }

    @Test
    void seesWhatIsNoGzip() throws IOException {
        Files.write(directory.resolve(FACTS_FILE), new byte[100]);

        assertFails(this::open, FACTS_FILE, "line 1", "not gzip data");
    }

    /** A manifest that was rewritten to match changed files does not hide the change. */
    @Test
    void namesTheLineThatDoesNotAgreeWithAForgedManifest() throws IOException {
        rewrite(lines -> lines.set(2, lines.get(2).replace("\"offset\":5", "\"offset\":2")));
        forge();

        assertFails(this::drain, FACTS_FILE, "line 3", "expected an offset above 2, but it is 2");
    }

    @Test
    void countsTheLines() throws IOException {
        rewrite(List::removeLast);
        forge();

        assertFails(this::drain, FACTS_FILE, "holds 2 records, but the manifest says 3");
    }

    @Test
    void wantsAWholeLastLine() throws IOException {
        Path file = directory.resolve(FACTS_FILE);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"partition\":0".getBytes(UTF_8));
        }
        forge();

        assertFails(this::drain, FACTS_FILE, "line 1", "expected a line end");
    }

    @Test
    void namesAMissingManifest() {
        assertFails(() -> EventLogReader.open(parent), "manifest.json", "the file does not exist");
    }

    @Test
    void namesWhatIsWrongInAManifest() throws IOException {
        assertManifestFails(
                "\"format_version\" : 1", "\"format_version\" : 2", "expected \"format_version\": 1", "'2'");
        assertManifestFails("gpuctl-event-log", "other", "expected \"format\": \"gpuctl-event-log\"");
        assertManifestFails("\"topics\"", "\"tropics\"", "\"topics\" is missing");
        assertManifestFails("\"topics\" :", "\"topics\"", "manifest.json, line 7: is not a manifest");
        assertManifestFails("task-commands-0.jsonl.gz", "../x", "expected \"file\": \"task-commands-0.jsonl.gz\"");
        assertManifestFails("\"partition\" : 1", "\"partition\" : 2", "expected \"partition\": 1, but it is 2");
    }

    /**
     * A log may come from an untrusted source: it must not make the reader open or quote files outside its directory.
     */
    @ParameterizedTest
    @ValueSource(strings = {"../../../etc/passwd", "..", ".", "", "a/b", "a\\\\b", "a\\u0000", "\\u001b[2J"})
    void refusesATopicThatLeadsElsewhere(String topic) throws IOException {
        assertManifestFails(
                "\"name\" : \"cluster-events\"",
                "\"name\" : \"" + topic + "\"",
                "expected a topic's name: 1 to 249 letters, digits, dots, underscores or hyphens");
    }

    @ParameterizedTest
    @ValueSource(strings = {FACTS_FILE, "manifest.json"})
    void readsNoFileThatIsALink(String name) throws IOException {
        Path elsewhere = parent.resolve("elsewhere");
        Files.move(directory.resolve(name), elsewhere);
        Files.createSymbolicLink(directory.resolve(name), elsewhere);

        assertFails(this::open, name);
    }

    @Test
    void quotesLittleOfWhatIsWrong() throws IOException {
        Files.writeString(directory.resolve("manifest.json"), "\u001b[2J" + "x".repeat(100_000));

        assertThatThrownBy(this::open)
                .isInstanceOf(EventLogException.class)
                .message()
                .hasSizeLessThan(1_000)
                .doesNotContain("\u001b");
    }

    @Test
    void namesTheTopicsThatThereAre() {
        EventLogReader log = open();

        assertFails(() -> log.partitions("placements"), "holds no topic placements, but cluster-events, task-commands");
        assertFails(() -> log.raw("placements", 0), "holds no topic placements, but cluster-events, task-commands");
        assertFails(() -> log.raw(FACTS, 2), "holds no partition 2 of cluster-events, but 0 to 1");
    }

    private void assertManifestFails(String text, String replacement, String... message) throws IOException {
        Path manifest = directory.resolve(LogManifest.FILE);
        String good = Files.readString(manifest);
        Files.writeString(manifest, good.replace(text, replacement));
        assertFails(this::open, message);
        Files.writeString(manifest, good);
    }

    private static void assertFails(ThrowingCallable action, String... message) {
        assertThatThrownBy(action).isInstanceOf(EventLogException.class).hasMessageContainingAll(message);
    }

    private void drain() {
        try (PartitionRecords records = open().raw(FACTS, 0)) {
            records.forEachRemaining(_ -> {});
        }
    }

    private void rewrite(Consumer<List<String>> change) throws IOException {
        Path file = directory.resolve(FACTS_FILE);
        List<String> lines = new ArrayList<>();
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            new String(in.readAllBytes(), UTF_8).lines().forEach(lines::add);
        }
        change.accept(lines);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (String line : lines) {
                out.write((line + "\n").getBytes(UTF_8));
            }
        }
    }

    /** Makes size and checksum in the manifest agree with the file. */
    private void forge() throws IOException {
        Path manifest = directory.resolve(LogManifest.FILE);
        Path file = directory.resolve(FACTS_FILE);
        PartitionFile old =
                LogManifest.read(directory).topics().getFirst().partitions().getFirst();
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replace(old.sha256(), Sha256.of(file))
                        .replaceFirst("\"bytes\" : " + old.bytes(), "\"bytes\" : " + Files.size(file)));
    }
}
