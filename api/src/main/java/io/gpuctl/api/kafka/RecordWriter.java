package io.gpuctl.api.kafka;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.WallTime;
import io.gpuctl.events.metrics.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Writes the records of one topic, through Reactive Messaging.
 *
 * <p>The acknowledgement of Reactive Messaging does not contain the position of the record, but the
 * {@link OutgoingMessageMetadata} of the message does.
 */
final class RecordWriter<T> {

    static final int BUFFER_SIZE = 1024;

    /**
     * A little more than the producer's {@code delivery.timeout.ms}: the producer usually fails first, and knows the
     * reason.
     */
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    private final MutinyEmitter<T> emitter;
    private final BrokerWatch broker;
    private final MeterRegistry metrics;
    private final WallTime time;

    /** {@code time} gives the records' timestamps; Kafka refuses records of a machine that is an hour ahead. */
    RecordWriter(MutinyEmitter<T> emitter, BrokerWatch broker, MeterRegistry metrics, WallTime time) {
        this.emitter = emitter;
        this.broker = broker;
        this.metrics = metrics;
        this.time = time;
    }

    /**
     * Appends the record. Returns the position once all in-sync replicas have the record; fails with a
     * {@link ProblemException} (503) within {@link #TIMEOUT}, or at once if the broker is known to be away. After a
     * failure, the record may still have been written, or may be written later.
     *
     * @param type the type of the record in the metrics
     */
    Uni<CommandPosition> append(String key, T record, String type) {
        if (broker.isAway()) {
            return Uni.createFrom().failure(broker.away());
        }
        if (!emitter.hasRequests()) {
            return Uni.createFrom()
                    .failure(ProblemException.of(
                            ProblemType.TOO_BUSY, "Too many commands wait for the broker; try again"));
        }
        var written = new OutgoingMessageMetadata<RecordMetadata>();
        var metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(key)
                .withTimestamp(Instant.ofEpochMilli(time.nowMs()))
                .build();
        return emitter.sendMessage(Message.of(record, Metadata.of(written, metadata)))
                .map(_ -> position(written))
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .onItemOrFailure()
                .invoke((_, failure) -> count(type, failure == null))
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(RecordWriter::notWritten);
    }

    private static CommandPosition position(OutgoingMessageMetadata<RecordMetadata> written) {
        var metadata =
                Objects.requireNonNull(written.getResult(), "The connector did not report the record's position");
        return new CommandPosition(metadata.partition(), metadata.offset());
    }

    private void count(String type, boolean isWritten) {
        Counter.builder("gpuctl.commands")
                .description(Metric.COMMANDS.help())
                .tags("type", type, "outcome", isWritten ? "written" : "failed")
                .register(metrics)
                .increment();
    }

    private static ProblemException notWritten(Throwable failure) {
        String why = failure instanceof TimeoutException ? "no answer in time" : String.valueOf(failure.getMessage());
        return ProblemException.of(
                ProblemType.BROKER_AWAY, "The command could not be written to Kafka: " + why + ". Try again", failure);
    }
}
