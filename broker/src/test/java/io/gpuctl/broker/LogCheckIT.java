package io.gpuctl.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks the directory of a real broker, damaged in every way that files can be. */
@Timeout(120)
class LogCheckIT {
    private static final int RECORDS = 200;
    private static final String PARTITION = "facts-0";

    @TempDir
    static Path original;

    @TempDir
    Path parent;

    private Path data;
    private Path segment;

    @BeforeAll
    static void write() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(original));
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("facts", 1, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("facts", "key", "value-" + i))
                        .get();
            }
        }
    }

    @BeforeEach
    void copy() throws IOException {
        data = parent.resolve("data");
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, data.resolve(original.relativize(file)));
            }
        }
        segment = data.resolve("kafka").resolve(PARTITION).resolve("00000000000000000000.log");
    }

    /** Makes the logs look like the logs of a killed broker. */
    private void forgetTheCleanEnd() throws IOException {
        Files.delete(data.resolve("kafka/.kafka_cleanshutdown"));
    }

    private void flipBit(Path file, long at) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
        }
    }

    private static void truncate(Path file, double part) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate((long) (channel.size() * part));
        }
    }

    private List<LogDamage> check() {
        try {
            return LogCheck.all(data, stage -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void findsNothingInWhatIsWhole() throws IOException {
        assertThat(check()).isEmpty();
        assertThat(LogCheck.whatIsNew(data, stage -> {})).isEmpty();
    }

    @Test
    void findsAFlippedBit() throws IOException {
        flipBit(segment, Files.size(segment) / 2);

        assertThat(check()).singleElement().satisfies(damage -> {
            assertThat(damage.partition()).isEqualTo(PARTITION);
            assertThat(damage.file()).isEqualTo(segment);
            assertThat(damage.offset()).isBetween(RECORDS / 2 - 2L, RECORDS / 2 + 2L);
            assertThat(damage.until()).isEqualTo(damage.offset() + 1);
            assertThat(damage.text()).contains("checksum");
        });
    }

    @Test
    void findsAFlippedBitInALengthAfterAKillToo() throws IOException {
        forgetTheCleanEnd();
        long batch = Files.size(segment) / RECORDS; // Not all batches are this long, but the first ten are.
        flipBit(segment, 3 * batch + 8);

        assertThat(check()).isNotEmpty();
    }

    @Test
    void findsAnEndThatIsGone() throws IOException {
        forgetTheCleanEnd();
        truncate(segment, 0.6);

        assertThat(check()).singleElement().satisfies(damage -> {
            assertThat(damage.offset()).isBetween(RECORDS * 5L / 10, RECORDS * 7L / 10);
            assertThat(damage.until()).isEqualTo(RECORDS);
        });
    }

    @Test
    void findsALogThatIsGone() throws IOException {
        try (Stream<Path> files = Files.list(segment.getParent())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(segment.getParent());

        assertThat(check())
                .singleElement()
                .satisfies(damage -> assertThat(damage.text()).contains("the log is missing", "" + RECORDS));
    }

    @Test
    void takesWhatAKillToreOffForNoDamage() throws IOException {
        forgetTheCleanEnd();
        byte[] batch = new byte[100];
        try (var channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            channel.read(ByteBuffer.wrap(batch), 0);
        }
        Files.write(segment, java.util.Arrays.copyOf(batch, 40), StandardOpenOption.APPEND);

        assertThat(check()).isEmpty();

        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(data))) {
            assertThat(broker.bootstrapServers()).isNotEmpty();
        }
    }

    @Test
    void takesTheSameAfterACleanEndForDamage() throws IOException {
        Files.write(segment, new byte[40], StandardOpenOption.APPEND);

        assertThat(check()).hasSize(1);
    }

    @Test
    void findsADamagedCheckpointFile() throws IOException {
        Files.writeString(data.resolve("kafka/recovery-point-offset-checkpoint"), "0\n1\nfacts 0 x\n");

        assertThat(check())
                .singleElement()
                .satisfies(damage -> assertThat(damage.text()).contains("facts 0 x"));
    }

    @Test
    void aBrokerDoesNotStartOnDamage() throws IOException {
        flipBit(segment, Files.size(segment) / 2);

        assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBroker.Config.in(data)))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("offset ")
                .hasMessageContaining("gpuctl log repair");
    }
}
