package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.HealthSettings;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.Samples.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records must always stay readable. {@code golden/TOPIC.TYPE.json} holds one record of every kind, as it is in the
 * topic (and a line feed). {@code TYPE_with_...} holds a record with a field that was added later and that is omitted
 * if it has no value. Add a file for a new kind; never change a file that a released program has written.
 */
class GoldenFilesTest {
    static final List<Sample> SAMPLES = Samples.ALL;

    /** Fields of objects that may be absent: the record has a default. */
    private static final Map<Class<?>, Set<String>> OPTIONAL = Map.ofEntries(
            Map.entry(TaskSpec.class, Set.of("pool", "user", "priority", "gpu_models")),
            Map.entry(ClusterEvent.OrchestratorStarted.class, Set.of("reader_version")),
            Map.entry(ClusterEvent.TaskPlaced.class, Set.of("score")),
            Map.entry(ClusterEvent.PreemptRequested.class, Set.of("reason")),
            Map.entry(PolicySpec.class, Set.of("target_workload")),
            Map.entry(PoolSettings.class, Set.of("health")),
            Map.entry(HealthSettings.class, Set.of("xid_edition")),
            Map.entry(Work.class, Set.of("profile")),
            Map.entry(NodeInventory.class, Set.of("rack", "gpu_hardware")),
            // GPUs are lists of values in JSON, see NodeTelemetryJson.
            Map.entry(NodeTelemetry.class, Set.of("gpus", "shares")),
            // Older orchestrators created no tokens.
            Map.entry(NodeCommand.StartAttempt.class, Set.of("token")),
            Map.entry(NodeCommand.StopAttempt.class, Set.of("token")),
            Map.entry(TaskReport.Source.class, Set.of("token")));

    /** Maps: their keys are data, not names of fields. */
    private static final Set<String> MAPS = Set.of("score", "weights", "nodes_ruled_out");

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void isReadAsTheRecordThatItWas(Sample sample) {
        assertThat(read(sample, golden(sample))).isEqualTo(sample.value());
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void isWrittenAgainByteForByte(Sample sample) {
        Object read = read(sample, golden(sample));

        assertThat(write(sample, read)).isEqualTo(golden(sample));
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void ignoresFieldsOfNewerPrograms(Sample sample) {
        JsonNode json = tree(golden(sample));
        addUnknownFields(json);

        assertThat(json.toString()).contains("from_the_future");
        assertThat(read(sample, json.toString())).isEqualTo(sample.value());
    }

    /** Every object without a default must be present; absent numbers are 0. */
    @ParameterizedTest
    @MethodSource("requiredFields")
    void namesTheFieldThatIsMissing(Sample sample, String pointer, String field) {
        ObjectNode json = (ObjectNode) tree(golden(sample));
        ((ObjectNode) json.at(pointer)).remove(field);

        assertThatThrownBy(() -> read(sample, json.toString()))
                .isInstanceOf(SerializationException.class)
                .rootCause()
                .isInstanceOfSatisfying(
                        InvalidFieldException.class, e -> assertThat(e.field()).matches("(.*\\.)?" + field));
    }

    static Stream<Arguments> requiredFields() {
        return SAMPLES.stream().flatMap(sample -> {
            List<Map.Entry<String, String>> found = new ArrayList<>();
            collectRequired("", tree(golden(sample)), sample.value(), found);
            return found.stream().map(at -> Arguments.of(sample, at.getKey(), at.getValue()));
        });
    }

    @Test
    void everyKindOfRecordHasAFile() {
        Set<String> kinds = new TreeSet<>();
        for (Topic<?> topic : Topics.ALL) {
            if (topic.valueType() != byte[].class && topic.valueType() != Fact.class) {
                collectKinds(topic.valueType(), kinds);
            }
        }
        collectKinds(ClusterEvent.class, kinds);

        assertThat(SAMPLES.stream().map(GoldenFilesTest::kind).distinct()).containsExactlyInAnyOrderElementsOf(kinds);
    }

    private static String kind(Sample sample) {
        Object record = sample.value() instanceof Fact fact ? fact.event() : sample.value();
        return record.getClass().getName();
    }

    private static void collectKinds(Class<?> type, Set<String> kinds) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collectKinds(permitted, kinds);
            }
        } else {
            kinds.add(type.getName());
        }
    }

    /** Walks a record and its JSON in parallel: the JSON's fields are the record's components. */
    private static void collectRequired(
            String pointer, JsonNode json, Object record, List<Map.Entry<String, String>> found) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String field = snakeCase(component.getName());
            boolean optional =
                    OPTIONAL.getOrDefault(record.getClass(), Set.of()).contains(field);
            if (!component.getType().isPrimitive() && !optional) {
                found.add(Map.entry(pointer, field));
            }
            Object value = valueOf(component, record);
            if (value instanceof Record inner && json.path(field).isObject()) {
                collectRequired(pointer + "/" + field, json.get(field), inner, found);
            } else if (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Record first) {
                JsonNode firstJson = json.path(field).path(0);
                if (firstJson.isObject()) {
                    collectRequired(pointer + "/" + field + "/0", firstJson, first, found);
                }
            }
        }
    }

    private static Object valueOf(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static void addUnknownFields(JsonNode json) {
        if (json instanceof ArrayNode array) {
            array.forEach(GoldenFilesTest::addUnknownFields);
        } else if (json instanceof ObjectNode object) {
            object.properties().forEach(property -> {
                if (!MAPS.contains(property.getKey())) {
                    addUnknownFields(property.getValue());
                }
            });
            object.putArray("from_the_future").addObject().put("x", 1);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return EventJson.mapper().readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String golden(Sample sample) {
        String file = "/golden/" + sample.file() + ".json";
        try (InputStream in = GoldenFilesTest.class.getResourceAsStream(file)) {
            assertThat(in)
                    .as("%s is missing; it would hold %s", file, write(sample, sample.value()))
                    .isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).as("%s ends with one line feed", file).endsWith("}\n");
            return text.substring(0, text.length() - 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Object read(Sample sample, String json) {
        return sample.topic().deserializer().deserialize(sample.topic().name(), json.getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked") // a sample's value is of its topic's type
    private static String write(Sample sample, Object value) {
        Topic<Object> topic = (Topic<Object>) sample.topic();
        return new String(topic.serializer().serialize(topic.name(), value), StandardCharsets.UTF_8);
    }
}
