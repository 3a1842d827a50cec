package io.gpuctl.api.events;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Decodes facts from records. Thread-safe. */
final class FactDecoder {

    private static final Deserializer<Fact> DESERIALIZER = Topics.CLUSTER_EVENTS.deserializer();

    private FactDecoder() {}

    /**
     * Returns the fact; empty if the record is not a fact. The views write such a record to {@code dead-letters} once.
     *
     * @throws KafkaException if the log needs a newer program from this record on
     */
    static Optional<LoggedFact> decode(ConsumerRecord<String, byte[]> factRecord) {
        try {
            var fact = DESERIALIZER.deserialize(factRecord.topic(), factRecord.value());
            return Optional.of(new LoggedFact(factRecord.partition(), factRecord.offset(), fact));
        } catch (SerializationException _) {
            return Optional.empty();
        } catch (NewerLogError e) {
            throw new KafkaException(e.sentence(), e);
        }
    }
}
