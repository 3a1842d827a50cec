package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.Samples.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The largest record of each type fits into its topic. The record is made from the golden sample: each number, text,
 * list and map in it grows until the contract refuses more. The test therefore fails for a field without a limit and
 * for a limit that is too high.
 */
class LargestRecordsTest {
    static final List<Sample> SAMPLES = Samples.ALL;

    /** An upper bound for the key, the headers and Kafka's own bytes around a record. */
    private static final int AROUND_BYTES = 2_048;

    /** A field that accepts more is regarded as unlimited. */
    private static final int UNLIMITED = 1 << 16;

    /** Objects whose keys are data. */
    private static final Set<String> MAPS = Set.of("score", "weights", "nodes_ruled_out");

    /** Characters that are long in JSON come first. */
    private static final List<String> CHARACTERS = List.of("\u0001", "\u20ac", "x");

    private static final List<String> NUMBERS = List.of(
            "1.2345678901234567E-300",
            "-9223372036854775808",
            "9223372036854775807",
            "-2147483648",
            "2147483647",
            "1000000000",
            "100000000",
            "10000000",
            "1000000",
            "100000",
            "10000",
            "1000",
            "100",
            "10");

    private static final String LONGEST_ID = "x".repeat(128);

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void fit(Sample sample) throws IOException {
        JsonNode json = EventJson.mapper().readTree(write(sample.topic(), sample.value()));
        Growth growth = new Growth(sample.topic(), json);

        growth.grow(json, "");

        assertThat(write(sample.topic(), growth.read()).length + AROUND_BYTES)
                .isLessThanOrEqualTo(sample.topic().recordBytesMax());
    }

    /** The widest gang: one GPU on each node. */
    @Test
    void aPlacementOnAsManyNodesAsThereCanBeFits() {
        List<Allocation> allocations = Collections.nCopies(
                GpuRequest.MAX_COUNT,
                new Allocation(
                        new NodeId(LONGEST_ID), Long.MAX_VALUE, List.of(63), 1000, 1L << 30, 100_000_000, 1L << 40));
        var placed =
                new ClusterEvent.TaskPlaced(new TaskId(LONGEST_ID), Integer.MAX_VALUE, allocations, new TreeMap<>());
        Fact fact = new Fact(
                new PoolId(LONGEST_ID),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                new Cause("c".repeat(249), 3, Long.MAX_VALUE),
                placed);

        assertThat(write(Topics.CLUSTER_EVENTS, fact).length)
                .isGreaterThan(1 << 20)
                .isLessThanOrEqualTo(Topics.CLUSTER_EVENTS.recordBytesMax() / 2);
    }

    /** The lists of telemetry can only grow together. */
    @Test
    void telemetryOfAsManyGpusAsThereCanBeFits() {
        var gpu = new NodeTelemetry.Gpu(
                new NodeTelemetry.Activity(1 / 3.0, 1 / 7.0, 1 / 9.0, 1 / 11.0, 1 / 13.0),
                new NodeTelemetry.Framebuffer(1L << 30, 1L << 30, 1L << 30),
                new NodeTelemetry.Sensors(1e4 / 3, 500 / 7.0, -100 / 7.0, 1L << 53),
                new NodeTelemetry.Clocks(100_000, 100_000, (1L << 32) - 1, 1L << 53, 1L << 53),
                new NodeTelemetry.Errors(1_000_000, 1L << 53, 1L << 53, true, 1L << 53, 1L << 53, 1L << 53),
                new NodeTelemetry.Traffic(1L << 53, 1L << 53, 1L << 53, 1L << 53));
        var telemetry = new NodeTelemetry(
                new NodeId(LONGEST_ID),
                new PoolId(LONGEST_ID),
                Long.MAX_VALUE,
                Collections.nCopies(NodeInventory.MAX_GPUS, gpu),
                Collections.nCopies(
                        NodeTelemetry.SHARES_MAX,
                        new NodeTelemetry.Share(
                                63, new AttemptId(new TaskId(LONGEST_ID), Integer.MAX_VALUE), 1 / 3.0, 1e4 / 3)));

        assertThat(write(Topics.GPU_TELEMETRY, telemetry).length + AROUND_BYTES).isLessThanOrEqualTo(64 << 10);
    }

    @Test
    void whatProducersSendIsAsLargeAsWhatTopicsTake() {
        int producers = (int) RecordLimits.producer().get("max.request.size");

        assertThat(Topics.ALL).allMatch(topic -> topic.recordBytesMax() <= producers);
        assertThat(Topics.ALL)
                .filteredOn(topic -> !topic.equals(Topics.DEAD_LETTERS))
                .allMatch(topic -> topic.recordBytesMax() < Topics.DEAD_LETTERS.recordBytesMax());
    }

    private static byte[] write(Topic<?> topic, Object value) {
        return write(topic.serializer(), value);
    }

    @SuppressWarnings("unchecked") // a sample's value is of its topic's type
    private static byte[] write(Serializer<?> serializer, Object value) {
        return ((Serializer<Object>) serializer).serialize("", value);
    }

    /** Makes a record larger, one value after the other, as long as it can still be read. */
    private record Growth(Topic<?> topic, JsonNode root) {
        private boolean isRead() {
            try {
                read();
                return true;
            } catch (SerializationException | NewerLogError _) {
                return false;
            }
        }

        Object read() {
            return topic.deserializer()
                    .deserialize(topic.name(), root.toString().getBytes(StandardCharsets.UTF_8));
        }

        void grow(JsonNode node, String name) {
            switch (node) {
                case ArrayNode array when !array.isEmpty() -> growArray(array);
                case ObjectNode object -> growObject(object, name);
                default -> {}
            }
        }

        private void growObject(ObjectNode object, String name) {
            List<Map.Entry<String, JsonNode>> fields = List.copyOf(object.properties());
            for (Map.Entry<String, JsonNode> field : fields) {
                grow(field.getValue(), field.getKey());
                growValue(field.getValue(), value -> object.set(field.getKey(), value));
            }
            if (MAPS.contains(name) && !fields.isEmpty()) {
                JsonNode value = object.get(fields.getFirst().getKey());
                largest(count -> {
                    object.removeAll();
                    fields.forEach(field -> object.set(field.getKey(), value));
                    for (int i = 0; i < count; i++) {
                        object.set("k".repeat(120) + i, value);
                    }
                });
            }
        }

        private void growArray(ArrayNode array) {
            grow(array.get(0), "");
            growValue(array.get(0), value -> array.set(0, value));
            JsonNode first = array.get(0);
            List<JsonNode> before = new ArrayList<>();
            array.forEach(before::add);
            largest(count -> {
                array.removeAll();
                array.addAll(count == 0 ? before : Collections.nCopies(count, first));
            });
        }

        private void growValue(JsonNode before, Consumer<JsonNode> place) {
            if (before.isTextual()) {
                boolean grown = CHARACTERS.stream()
                        .anyMatch(character -> largest(count ->
                                        place.accept(count == 0 ? before : TextNode.valueOf(character.repeat(count))))
                                > 0);
                assertThat(grown || isRead()).isTrue();
            } else if (before.isNumber()) {
                boolean grown = NUMBERS.stream().anyMatch(number -> {
                    place.accept(json(number));
                    return isRead();
                });
                if (!grown) {
                    place.accept(before);
                }
            }
        }

        /** Returns the largest count that can be read; 0 leaves the value as it was. */
        private int largest(IntConsumer place) {
            int refused = 1;
            for (; isRead(place, refused); refused *= 2) {
                assertThat(refused).as("a limit in %s", topic.name()).isLessThan(UNLIMITED);
            }
            int taken = refused / 2;
            while (refused - taken > 1) {
                int middle = (taken + refused) / 2;
                if (isRead(place, middle)) {
                    taken = middle;
                } else {
                    refused = middle;
                }
            }
            place.accept(taken);
            return taken;
        }

        private boolean isRead(IntConsumer place, int count) {
            place.accept(count);
            return isRead();
        }

        private static JsonNode json(String number) {
            try {
                return EventJson.mapper().readTree(number);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
