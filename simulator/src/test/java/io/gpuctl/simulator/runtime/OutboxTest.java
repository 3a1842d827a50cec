package io.gpuctl.simulator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Kafka's own in-memory producer replaces the broker. */
class OutboxTest {
    private static final long LATER = TimeUnit.SECONDS.toNanos(1);

    private final MockProducer<byte[], Object> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), (_, _) -> new byte[0]);
    private final Outbox outbox = new Outbox(kafka, WallTime.SYSTEM);
    private final List<String> confirmed = new ArrayList<>();

    @Test
    void confirmsWhatTheBrokerHas() {
        add("a");
        outbox.pump(0);
        kafka.completeNext();
        outbox.pump(1);

        assertThat(confirmed).containsExactly("a");
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void sendsFailedRecordsAgainBeforeLaterOnesInTheirOrder() {
        add("a");
        add("b");
        outbox.pump(0);
        kafka.errorNext(new TimeoutException());
        add("c");
        outbox.pump(1);
        kafka.errorNext(new TimeoutException());
        outbox.pump(2);
        outbox.pump(2 + LATER);

        assertThat(sent()).containsExactly("a", "b", "a", "b", "c");
        assertThat(confirmed).isEmpty();
    }

    @Test
    void waitsForWhatIsOnItsWayAfterAFailure() {
        add("a");
        add("b");
        outbox.pump(0);
        kafka.errorNext(new TimeoutException());
        outbox.pump(LATER);
        outbox.pump(2 * LATER);

        assertThat(sent()).containsExactly("a", "b");
    }

    @Test
    void failsOnWhatTryingAgainCannotMend() {
        add("a");
        outbox.pump(0);
        kafka.errorNext(new InvalidTopicException());

        assertThatThrownBy(() -> outbox.pump(1))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("task-reports");
    }

    @Test
    void saysWhenItIsFull() {
        for (int i = 0; i <= 50_000; i++) {
            add("x");
        }

        assertThat(outbox.isFull()).isTrue();
    }

    private void add(String name) {
        var key = name.getBytes(StandardCharsets.UTF_8);
        outbox.add(new ProducerRecord<>(Topics.TASK_REPORTS.name(), key, name), () -> confirmed.add(name));
    }

    private List<String> sent() {
        return kafka.history().stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }
}
