package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.kafka.DeadLetters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continues after a refused record, which has changed nothing, and writes the record to the dead letters. Any other
 * failure is a defect that may have left half a decision in memory: the thread ends, and its replacement restores the
 * state.
 */
public final class MisplacedRecordHandler implements ProcessingExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MisplacedRecordHandler.class);

    private final ProcessingExceptionHandler fail = new LogAndFailProcessingExceptionHandler();

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (!(exception instanceof RefusedRecordException)) {
            return fail.handleError(context, record, exception);
        }
        return Response.resume(List.of(DeadLetters.logged(LOG, source(context), exception)));
    }

    private static ConsumerRecord<byte @Nullable [], byte @Nullable []> source(ErrorHandlerContext context) {
        return new ConsumerRecord<byte @Nullable [], byte @Nullable []>(
                context.topic(),
                context.partition(),
                context.offset(),
                context.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                context.sourceRawKey(),
                context.sourceRawValue(),
                context.headers(),
                Optional.empty());
    }

    @Override
    public void configure(Map<String, ?> configs) {
        fail.configure(configs);
    }
}
