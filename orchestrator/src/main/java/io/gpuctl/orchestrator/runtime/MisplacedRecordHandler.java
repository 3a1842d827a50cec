package io.gpuctl.orchestrator.runtime;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Goes on after a record that is refused, which has changed nothing and lands in the dead letters. Anything else that fails
 * is a defect that may have left half a decision in memory: the thread ends, and its successor restores the state.
 */
public final class MisplacedRecordHandler implements ProcessingExceptionHandler {
    private final ProcessingExceptionHandler goOn = new LogAndContinueProcessingExceptionHandler();
    private final ProcessingExceptionHandler fail = new LogAndFailProcessingExceptionHandler();

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        ProcessingExceptionHandler handler = exception instanceof RefusedRecordException ? goOn : fail;
        return handler.handleError(context, record, exception);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        goOn.configure(configs);
        fail.configure(configs);
    }
}
