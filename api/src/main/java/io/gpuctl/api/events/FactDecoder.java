package io.gpuctl.api.events;

import io.gpuctl.events.Fact;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads facts from records. Any thread may call. */
final class FactDecoder {

    private static final Deserializer<Fact> DESERIALIZER = Topics.CLUSTER_EVENTS.deserializer();

    private FactDecoder() {}

    /**
     * Nothing if the record is no fact: the views put such a record into {@code dead-letters}, once.
     *
     * @throws KafkaException if the log needs a newer program from here on
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
