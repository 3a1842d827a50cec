package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the committed offsets of {@code task-commands} to {@link CommandsSeen}. After a restart, they are ahead of the
 * store if the last records were unreadable; callers must not wait for these.
 */
final class CommittedCommands implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedCommands.class);

    private final Admin admin;
    private final CommandsSeen commandsSeen;

    CommittedCommands(KafkaConnection kafka, CommandsSeen commandsSeen) {
        this.commandsSeen = commandsSeen;
        admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                ViewsApp.APPLICATION_ID + "-committed",
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                false)));
    }

    /** Asks the broker, and returns at once. Without an answer, callers that wait for such a record time out. */
    void lookUp() {
        var _ = admin.listConsumerGroupOffsets(ViewsApp.APPLICATION_ID)
                .partitionsToOffsetAndMetadata()
                .whenComplete((offsets, error) -> {
                    if (error != null) {
                        LOG.warn("Cannot look up how far the views have read task-commands: {}", error.toString());
                    } else {
                        offsets.forEach(this::tell);
                    }
                });
    }

    private void tell(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        if (committed != null && partition.topic().equals(Topics.TASK_COMMANDS.name())) {
            commandsSeen.processed(partition.partition(), committed.offset() - 1);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
