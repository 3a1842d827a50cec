package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.kafka.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * A record that cannot be read goes to {@code dead-letters}, and the stream goes on. Who waits for a command at its offset
 * or after it need not wait for another one. Kafka makes it from its class name.
 */
public final class SkipUnreadable extends LogAndContinueExceptionHandler {
    /** The setting by which it gets the app's {@link CommandsSeen}. */
    static final String COMMANDS_SEEN_CONFIG = "gpuctl.commands.seen";

    private @Nullable CommandsSeen commandsSeen;

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        commandsSeen = (CommandsSeen) configs.get(COMMANDS_SEEN_CONFIG);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (commandsSeen != null && record.topic().equals(Topics.TASK_COMMANDS.name())) {
            commandsSeen.skipped(record.partition(), record.offset());
        }
        return super.handleError(context, record, exception);
    }
}
