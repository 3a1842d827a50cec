package io.gpuctl.api.tasks;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ISOLATION_LEVEL_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.kafka.CommandPosition;
import io.gpuctl.api.kafka.KafkaClients;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads {@code task-commands} into {@link RecentCommands}, on a thread of its own: all partitions, from shortly before
 * the end. The thread reads at once while a request waits for a command of another writer, and otherwise twice a
 * second, because each read is a request to the broker. It does not read what this instance has written.
 */
@ApplicationScoped
class CommandFollower {
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration ACKNOWLEDGED = Duration.ofMillis(3);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** The number of records before the end with which reading begins: ready views are rarely further behind. */
    private static final long BEFORE_END = 1_000;

    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, Topics.TASK_COMMANDS.partitions())
            .mapToObj(partition -> new TopicPartition(Topics.TASK_COMMANDS.name(), partition))
            .toList();

    private final KafkaClients clients;
    private final CommandLog log;
    private final RecentCommands recent;
    private final Semaphore awaited = new Semaphore(0);
    private final Deserializer<TaskCommand> commands = Topics.TASK_COMMANDS.deserializer();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("command-follower").unstarted(this::run);

    /** The last reason why reading failed; each reason is logged once. */
    private String said = "";

    CommandFollower(KafkaClients clients, CommandLog log, RecentCommands recent) {
        this.clients = clients;
        this.log = log;
        this.recent = recent;
    }

    void start(@Observes StartupEvent event) {
        recent.onWait(awaited::release);
        log.listener(recent::written);
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try (var consumer = open()) {
                    begin(consumer);
                    follow(consumer);
                } catch (InterruptException e) {
                    throw e;
                } catch (RuntimeException e) {
                    // Whatever the failure, this thread must not end: nothing else would read the commands.
                    say(e);
                    Thread.sleep(RETRY.toMillis());
                }
            }
        } catch (InterruptedException | InterruptException _) {
            Log.debug("The service is stopping");
        }
    }

    private KafkaConsumer<String, byte[]> open() {
        return new KafkaConsumer<>(
                clients.with(Map.of(
                        CLIENT_ID_CONFIG, "gpuctl-api-commands",
                        // As the views read.
                        ISOLATION_LEVEL_CONFIG, "read_committed",
                        ENABLE_AUTO_COMMIT_CONFIG, "false",
                        AUTO_OFFSET_RESET_CONFIG, "none",
                        RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000,
                        REQUEST_TIMEOUT_MS_CONFIG, KafkaConnection.REQUEST_TIMEOUT_MS)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private void begin(KafkaConsumer<String, byte[]> consumer) {
        consumer.assign(PARTITIONS);
        var beginnings = consumer.beginningOffsets(PARTITIONS);
        var offsets = new TreeMap<Integer, Long>();
        consumer.endOffsets(PARTITIONS).forEach((partition, end) -> {
            long offset = Math.max(beginnings.getOrDefault(partition, 0L), end - BEFORE_END);
            consumer.seek(partition, offset);
            offsets.put(partition.partition(), offset);
        });
        recent.begin(offsets);
        said = "";
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) throws InterruptedException {
        while (true) {
            // Until the end, also at the start.
            do {
                skipWritten(consumer);
                consumer.poll(POLL).forEach(this::add);
                for (var partition : PARTITIONS) {
                    recent.read(partition.partition(), consumer.position(partition));
                }
            } while (recent.isAwaited());
            pause();
        }
    }

    /**
     * Returns when it is time to read: a request waits for a command of another writer, or the last read is long ago.
     */
    private void pause() throws InterruptedException {
        long untilNanos = System.nanoTime() + IDLE.toNanos();
        while (awaited.tryAcquire(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            awaited.drainPermits();
            // Usually the command before is this instance's too, and its acknowledgement is on another thread.
            Thread.sleep(ACKNOWLEDGED);
            if (recent.isAwaited()) {
                return;
            }
        }
    }

    /** Skips what this instance has written itself. */
    private void skipWritten(KafkaConsumer<String, byte[]> consumer) {
        for (var partition : PARTITIONS) {
            long next = recent.next(partition.partition());
            if (consumer.position(partition) < next) {
                consumer.seek(partition, next);
            }
        }
    }

    private void add(ConsumerRecord<String, byte[]> commandRecord) {
        try {
            var command = commands.deserialize(commandRecord.topic(), commandRecord.value());
            recent.add(new CommandPosition(commandRecord.partition(), commandRecord.offset()), command);
        } catch (SerializationException _) {
            // The orchestrator and the views skip the record too; the orchestrator writes it to dead-letters.
            Log.debugf("Not a command: %s at offset %d", commandRecord.topic(), commandRecord.offset());
        }
    }

    private void say(RuntimeException failure) {
        if (!failure.toString().equals(said)) {
            said = failure.toString();
            Log.warnf("Cannot read the newest commands, retrying: %s", said);
        }
    }
}
