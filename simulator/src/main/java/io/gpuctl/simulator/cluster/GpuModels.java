package io.gpuctl.simulator.cluster;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.gpuctl.simulator.model.GpuPhysics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The GPU models that are known by name, from {@code gpu-models.csv} beside this class. */
public final class GpuModels {
    private static final String RESOURCE = "gpu-models.csv";
    private static final List<GpuModel> ALL = read();

    private GpuModels() {}

    public static List<GpuModel> all() {
        return ALL;
    }

    public static List<String> names() {
        return ALL.stream().map(GpuModel::name).toList();
    }

    /** Without regard to case. */
    public static Optional<GpuModel> named(String name) {
        return ALL.stream().filter(model -> model.name().equalsIgnoreCase(name)).findFirst();
    }

    /** The physics of a model; of an unknown one, those of an A100. */
    public static GpuPhysics physics(String name) {
        return named(name).map(GpuModel::physics).orElseGet(GpuPhysics::a100);
    }

    private static List<GpuModel> read() {
        var schema = CsvSchema.emptySchema().withHeader().withComments();
        try (var input = Objects.requireNonNull(GpuModels.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new CsvMapper()
                    .readerForMapOf(String.class).with(schema).<Map<String, String>>readValues(input).readAll().stream()
                            .map(GpuModels::model)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GpuModel model(Map<String, String> row) {
        return new GpuModel(
                column(row, "model"),
                Long.parseLong(column(row, "memory_mib")),
                Double.parseDouble(column(row, "idle_power_watts")),
                Double.parseDouble(column(row, "limit_power_watts")),
                Double.parseDouble(column(row, "slowdown_celsius")),
                Integer.parseInt(column(row, "full_clock_mhz")),
                Integer.parseInt(column(row, "idle_clock_mhz")));
    }

    private static String column(Map<String, String> row, String name) {
        return Objects.requireNonNull(row.get(name), name);
    }
}
