package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.kafka.DeadLetters;
import io.gpuctl.events.kafka.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends unreadable records to {@code dead-letters}, and continues. Callers that wait for a command at the offset of
 * such a record need not wait for another record. Kafka creates this class by name.
 */
public final class SkipUnreadable implements DeserializationExceptionHandler {
    /** The setting that passes the app's {@link CommandsSeen}. */
    static final String COMMANDS_SEEN_CONFIG = "gpuctl.commands.seen";

    private static final Logger LOG = LoggerFactory.getLogger(SkipUnreadable.class);

    private @Nullable CommandsSeen commandsSeen;

    @Override
    public void configure(Map<String, ?> configs) {
        commandsSeen = (CommandsSeen) configs.get(COMMANDS_SEEN_CONFIG);
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka's interface does not say that key and value may be null.
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (commandsSeen != null && record.topic().equals(Topics.TASK_COMMANDS.name())) {
            commandsSeen.skipped(record.partition(), record.offset());
        }
        return Response.resume(List.of(DeadLetters.logged(LOG, record, exception)));
    }
}
