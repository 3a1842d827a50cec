package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.kafka.DeadLetters;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Continues after a record that cannot be read, and writes the record to the dead letters. */
public final class UnreadableRecordHandler implements DeserializationExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecordHandler.class);

    @Override
    @SuppressWarnings("NullAway") // Kafka's interface does not say that key and value may be null.
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return Response.resume(List.of(DeadLetters.logged(LOG, record, exception)));
    }

    @Override
    public void configure(Map<String, ?> configs) {}
}
