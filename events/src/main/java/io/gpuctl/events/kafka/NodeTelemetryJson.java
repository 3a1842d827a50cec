package io.gpuctl.events.kafka;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.gpuctl.events.DcgmField;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolId;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hand-written JSON for telemetry: a list of values for each field, {@code "gpu_temp":[71.5,70]}, instead of a list of
 * GPUs that repeats all names. Telemetry is by far the largest part of the traffic. This form is a third as long, and
 * costs a third as much to write and read. A field that is 0 for all GPUs is omitted, except {@code gpu_util}, which
 * gives the number of GPUs. So is the usual interval.
 *
 * <p>The reader also accepts the older form: {@code "gpus":[{"utilization":0.9, ...}]}.
 */
final class NodeTelemetryJson {
    private static final DcgmField[] FIELDS = DcgmField.MEASURED.toArray(DcgmField[]::new);
    private static final Map<DcgmField, SerializedString> NAMES = new EnumMap<>(DcgmField.class);
    private static final Map<String, DcgmField> BY_NAME = new HashMap<>();

    static {
        for (DcgmField field : FIELDS) {
            NAMES.put(field, new SerializedString(field.jsonName()));
            BY_NAME.put(field.jsonName(), field);
        }
    }

    private static final String SHARES = "shares";

    private NodeTelemetryJson() {}

    static SimpleModule module() {
        return new SimpleModule("telemetry")
                .addSerializer(NodeTelemetry.class, new Writer())
                .addDeserializer(NodeTelemetry.class, new Reader());
    }

    private static final class Writer extends JsonSerializer<NodeTelemetry> {
        @Override
        public void serialize(NodeTelemetry value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject(value);
            json.writeStringField("node_id", value.nodeId().value());
            json.writeStringField("pool", value.pool().value());
            json.writeNumberField("at_ms", value.atMs());
            if (value.intervalMs() != NodeTelemetry.INTERVAL_MS) {
                json.writeNumberField("interval_ms", value.intervalMs());
            }
            for (DcgmField field : FIELDS) {
                write(field, value.gpus(), json);
            }
            if (!value.shares().isEmpty()) {
                provider.defaultSerializeField(SHARES, value.shares(), json);
            }
            json.writeEndObject();
        }

        private static void write(DcgmField field, List<NodeTelemetry.Gpu> gpus, JsonGenerator json)
                throws IOException {
            boolean begun = field == DcgmField.GPU_UTIL;
            if (begun) {
                begin(field, json);
            }
            for (int i = 0; i < gpus.size(); i++) {
                double value = field.of(gpus.get(i));
                if (!begun && value != 0) {
                    begin(field, json);
                    begun = true;
                    for (int before = 0; before < i; before++) {
                        json.writeNumber(0);
                    }
                }
                if (begun) {
                    write(value, json);
                }
            }
            if (begun) {
                json.writeEndArray();
            }
        }

        private static void begin(DcgmField field, JsonGenerator json) throws IOException {
            json.writeFieldName(requireNonNull(NAMES.get(field)));
            json.writeStartArray();
        }

        private static void write(double value, JsonGenerator json) throws IOException {
            long whole = (long) value;
            if (whole == value) {
                json.writeNumber(whole);
            } else {
                json.writeNumber(value);
            }
        }
    }

    private static final class Reader extends JsonDeserializer<NodeTelemetry> {
        @Override
        public NodeTelemetry deserialize(JsonParser json, DeserializationContext context) throws IOException {
            var draft = new Draft();
            if (!json.isExpectedStartObjectToken()) {
                throw JsonMappingException.from(json, "telemetry is a JSON object");
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                try {
                    draft.read(name, json, context);
                } catch (InvalidFieldException e) {
                    throw JsonMappingException.from(json, e.getMessage(), e);
                }
            }
            try {
                return draft.build();
            } catch (InvalidFieldException e) {
                throw JsonMappingException.from(json, e.getMessage(), e);
            }
        }
    }

    /** A GPU in the older form of telemetry. */
    private record OldGpu(
            double utilization,
            long memoryUsedMib,
            double powerWatts,
            double temperatureCelsius,
            int smClockMhz,
            boolean throttled) {
        NodeTelemetry.Gpu now() {
            return new NodeTelemetry.Gpu(
                    utilization, memoryUsedMib, powerWatts, temperatureCelsius, smClockMhz, throttled);
        }
    }

    private static final class Draft {
        private @Nullable NodeId nodeId;
        private @Nullable PoolId pool;
        private long atMs;
        private long intervalMs = NodeTelemetry.INTERVAL_MS;
        private NodeTelemetry.Gpu @Nullable [] oldGpus;
        private final Map<DcgmField, double[]> columns = new EnumMap<>(DcgmField.class);
        private final double[] scratch = new double[NodeInventory.MAX_GPUS];
        private NodeTelemetry.Share[] shares = {};

        void read(String name, JsonParser json, DeserializationContext context) throws IOException {
            DcgmField field = BY_NAME.get(name);
            if (field != null) {
                columns.put(field, column(field, json));
                return;
            }
            switch (name) {
                case "node_id" -> nodeId = new NodeId(text(name, json));
                case "pool" -> pool = new PoolId(text(name, json));
                case "at_ms" -> atMs = wholeNumber(name, json);
                case "interval_ms" -> intervalMs = wholeNumber(name, json);
                case "gpus" -> {
                    OldGpu[] old = context.readValue(json, OldGpu[].class);
                    oldGpus = Arrays.stream(old).map(OldGpu::now).toArray(NodeTelemetry.Gpu[]::new);
                }
                case SHARES -> shares = context.readValue(json, NodeTelemetry.Share[].class);
                default -> json.skipChildren();
            }
        }

        private static String text(String name, JsonParser json) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                throw new InvalidFieldException(name, json.getText(), "a text");
            }
            return json.getText();
        }

        private static long wholeNumber(String name, JsonParser json) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                throw new InvalidFieldException(name, json.getText(), "a whole number");
            }
            return json.getLongValue();
        }

        private double[] column(DcgmField field, JsonParser json) throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                throw new InvalidFieldException(field.jsonName(), json.getText(), "a list of numbers");
            }
            int count = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (!json.currentToken().isNumeric()) {
                    throw new InvalidFieldException(field.jsonName(), json.getText(), "a list of numbers");
                }
                if (count == scratch.length) {
                    throw new InvalidFieldException(
                            field.jsonName(), "more than " + count + " entries long", "at most one for each GPU");
                }
                scratch[count++] = json.getDoubleValue();
            }
            return Arrays.copyOf(scratch, count);
        }

        @SuppressWarnings("NullAway") // The record's constructor says which field is missing.
        NodeTelemetry build() {
            NodeTelemetry.Gpu[] gpus = oldGpus == null ? gpus() : oldGpus;
            return new NodeTelemetry(nodeId, pool, atMs, Arrays.asList(gpus), Arrays.asList(shares), intervalMs);
        }

        private NodeTelemetry.Gpu[] gpus() {
            double[] first = columns.get(DcgmField.GPU_UTIL);
            if (first == null) {
                throw new InvalidFieldException(DcgmField.GPU_UTIL.jsonName(), "missing", "present");
            }
            for (DcgmField field : FIELDS) {
                double[] column = columns.get(field);
                if (column != null && column.length != first.length) {
                    throw new InvalidFieldException(
                            field.jsonName(), column.length + " entries long", first.length + ", as gpu_util");
                }
            }
            var gpus = new NodeTelemetry.Gpu[first.length];
            for (int i = 0; i < gpus.length; i++) {
                gpus[i] = gpu(i);
            }
            return gpus;
        }

        private NodeTelemetry.Gpu gpu(int gpu) {
            return new NodeTelemetry.Gpu(
                    new NodeTelemetry.Activity(
                            at(DcgmField.GPU_UTIL, gpu) / 100,
                            at(DcgmField.MEM_COPY_UTIL, gpu) / 100,
                            at(DcgmField.SM_ACTIVE, gpu),
                            at(DcgmField.PIPE_TENSOR_ACTIVE, gpu),
                            at(DcgmField.DRAM_ACTIVE, gpu)),
                    new NodeTelemetry.Framebuffer(
                            whole(DcgmField.FB_USED, gpu),
                            whole(DcgmField.FB_FREE, gpu),
                            whole(DcgmField.FB_RESERVED, gpu)),
                    new NodeTelemetry.Sensors(
                            at(DcgmField.POWER_USAGE, gpu),
                            at(DcgmField.GPU_TEMP, gpu),
                            at(DcgmField.MEMORY_TEMP, gpu),
                            whole(DcgmField.TOTAL_ENERGY_CONSUMPTION, gpu)),
                    new NodeTelemetry.Clocks(
                            (int) whole(DcgmField.SM_CLOCK, gpu),
                            (int) whole(DcgmField.MEM_CLOCK, gpu),
                            whole(DcgmField.CLOCKS_EVENT_REASONS, gpu),
                            whole(DcgmField.THERMAL_VIOLATION, gpu),
                            whole(DcgmField.POWER_VIOLATION, gpu)),
                    errors(gpu),
                    traffic(gpu));
        }

        private NodeTelemetry.Errors errors(int gpu) {
            return new NodeTelemetry.Errors(
                    (int) whole(DcgmField.XID_ERRORS, gpu),
                    whole(DcgmField.ECC_SBE_VOL_TOTAL, gpu),
                    whole(DcgmField.ECC_DBE_VOL_TOTAL, gpu),
                    whole(DcgmField.ROW_REMAP_FAILURE, gpu) != 0,
                    whole(DcgmField.UNCORRECTABLE_REMAPPED_ROWS, gpu),
                    whole(DcgmField.CORRECTABLE_REMAPPED_ROWS, gpu),
                    whole(DcgmField.PCIE_REPLAY_COUNTER, gpu));
        }

        private NodeTelemetry.Traffic traffic(int gpu) {
            return new NodeTelemetry.Traffic(
                    whole(DcgmField.PCIE_TX_BYTES, gpu),
                    whole(DcgmField.PCIE_RX_BYTES, gpu),
                    whole(DcgmField.NVLINK_TX_BYTES, gpu),
                    whole(DcgmField.NVLINK_RX_BYTES, gpu));
        }

        private double at(DcgmField field, int gpu) {
            double[] column = columns.get(field);
            return column == null ? 0 : column[gpu];
        }

        private long whole(DcgmField field, int gpu) {
            double value = at(field, gpu);
            long whole = Math.round(value);
            if (whole != value) {
                throw new InvalidFieldException(field.jsonName(), value, "a whole number");
            }
            return whole;
        }
    }
}
