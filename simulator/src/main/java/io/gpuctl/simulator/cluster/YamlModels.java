package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.simulator.model.Clocks;
import io.gpuctl.simulator.model.Cooling;
import io.gpuctl.simulator.model.MemoryTraits;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads a list of GPU models in the format of {@code gpu-models.yaml} beside this class. With {@code same_as: MODEL},
 * omitted fields are copied from a model further up or from a known model. Without it, most fields are required.
 */
final class YamlModels {
    private static final List<String> FIELDS = Stream.concat(
                    Stream.of(
                            "name",
                            "same_as",
                            "memory",
                            "reserved_memory",
                            "memory_idle_rise_celsius",
                            "idle_power_watts",
                            "limit_power_watts",
                            "full_load_power_watts",
                            "base_clock_mhz",
                            "boost_clock_mhz",
                            "idle_clock_mhz",
                            "memory_clock_mhz",
                            "memory_gb_per_s",
                            "max_operating_celsius",
                            "slowdown_celsius",
                            "shutdown_celsius",
                            "die_rise_celsius",
                            "sink_rise_celsius",
                            "island_gpus",
                            "link_gb_per_s"),
                    Stream.of(Precision.values()).map(Precision::field))
            .toList();

    private static final int CLOCK_MHZ_MAX = 100_000;
    private static final int GPUS_MAX = 100_000;
    private static final double WATTS_MAX = 10_000;
    private static final double CELSIUS_MAX = 200;
    private static final double RATE_MAX = 1_000_000;

    private final YamlGroup group;
    private final Optional<GpuModel> base;

    private YamlModels(YamlGroup group, Optional<GpuModel> base) {
        this.group = group;
        this.base = base;
    }

    /** Returns the known models, then those of the file. The latter replace known models with the same name. */
    static List<GpuModel> read(Path file, Reader reader, List<GpuModel> known) {
        List<GpuModel> models = new ArrayList<>(known);
        List<String> inFile = new ArrayList<>();
        for (var group : YamlGroup.list(file, reader, "GPU models", FIELDS, Map.of())) {
            group.checking(() -> {
                var model = new YamlModels(group, base(group, models)).model();
                if (inFile.contains(model.name())) {
                    throw new InvalidFieldException("name", "'" + model.name() + "'", "unique in this file");
                }
                inFile.add(model.name());
                models.removeIf(other -> other.name().equalsIgnoreCase(model.name()));
                models.add(model);
            });
        }
        return List.copyOf(models);
    }

    private static Optional<GpuModel> base(YamlGroup group, List<GpuModel> models) {
        return group.text("same_as")
                .map(name -> find(models, name)
                        .orElseThrow(() -> new InvalidFieldException(
                                "same_as",
                                "'" + name + "'",
                                "one of "
                                        + String.join(
                                                ", ",
                                                models.stream()
                                                        .map(GpuModel::name)
                                                        .toList()))));
    }

    static Optional<GpuModel> find(List<GpuModel> models, String name) {
        return models.stream()
                .filter(model -> model.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private GpuModel model() {
        String name = group.text("name").orElseThrow(() -> missing("name"));
        GpuModel.require(
                name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
                "name",
                "'" + name + "'",
                "1 to 64 letters, digits, dots, underscores or hyphens that begin with a letter or digit");
        return new GpuModel(name, memory(), powerWatts(), clocks(), celsius(), rise(), throughput(), island());
    }

    private GpuModel.Memory memory() {
        long totalMib = group.memoryMib("memory")
                .or(() -> base.map(model -> model.memory().totalMib()))
                .orElseThrow(() -> missing("memory"));
        return new GpuModel.Memory(
                totalMib,
                group.memoryMib("reserved_memory")
                        .or(() -> base.map(model -> model.memory().reservedMib()))
                        .orElseGet(() -> Math.round(MemoryTraits.TYPICAL_RESERVED_SHARE * totalMib)),
                optional(
                                "memory_idle_rise_celsius",
                                CELSIUS_MAX,
                                model -> model.memory().idleRiseCelsius())
                        .orElse(0.0));
    }

    private GpuModel.PowerWatts powerWatts() {
        double limit = number(
                "limit_power_watts", WATTS_MAX, model -> model.powerWatts().limit());
        return new GpuModel.PowerWatts(
                number(
                        "idle_power_watts",
                        WATTS_MAX,
                        model -> model.powerWatts().idle()),
                limit,
                optional(
                                "full_load_power_watts",
                                WATTS_MAX,
                                model -> model.powerWatts().fullLoad())
                        .orElse(limit));
    }

    private Clocks clocks() {
        int boostMhz = clock("boost_clock_mhz", 1, CLOCK_MHZ_MAX, Clocks::boostMhz);
        int idleMhz = clock("idle_clock_mhz", 0, boostMhz, Clocks::idleMhz);
        return new Clocks(
                boostMhz,
                clock("base_clock_mhz", idleMhz, boostMhz, Clocks::baseMhz),
                idleMhz,
                clock("memory_clock_mhz", 0, CLOCK_MHZ_MAX, Clocks::memoryMhz));
    }

    private int clock(String field, int min, int max, Function<Clocks, Integer> ofBase) {
        int mhz = group.integer(field)
                .or(() -> base.map(GpuModel::clocks).map(ofBase))
                .orElseThrow(() -> missing(field));
        GpuModel.require(mhz >= min && mhz <= max, field, mhz, "a number from %d to %d".formatted(min, max));
        return mhz;
    }

    private GpuModel.Celsius celsius() {
        return new GpuModel.Celsius(
                number(
                        "max_operating_celsius",
                        CELSIUS_MAX,
                        model -> model.celsius().maxOperating()),
                number("slowdown_celsius", CELSIUS_MAX, model -> model.celsius().slowdown()),
                number("shutdown_celsius", CELSIUS_MAX, model -> model.celsius().shutdown()));
    }

    private GpuModel.Rise rise() {
        return new GpuModel.Rise(
                optional("die_rise_celsius", CELSIUS_MAX, model -> model.rise().dieCelsius())
                        .orElse(Cooling.TYPICAL_DIE_RISE_CELSIUS),
                optional("sink_rise_celsius", CELSIUS_MAX, model -> model.rise().sinkCelsius())
                        .orElse(Cooling.TYPICAL_SINK_RISE_CELSIUS));
    }

    private GpuModel.Throughput throughput() {
        var peaks = new EnumMap<Precision, Double>(Precision.class);
        base.ifPresent(model -> peaks.putAll(model.throughput().peaks()));
        for (var precision : Precision.values()) {
            optional(precision.field(), RATE_MAX, _ -> 0.0)
                    .filter(peak -> peak > 0)
                    .ifPresent(peak -> peaks.put(precision, peak));
        }
        return new GpuModel.Throughput(
                peaks,
                number("memory_gb_per_s", RATE_MAX, model -> model.throughput().memoryGbPerS()));
    }

    private GpuModel.Island island() {
        int gpus = group.integer("island_gpus")
                .or(() -> base.map(model -> model.island().gpus()))
                .orElse(1);
        GpuModel.require(gpus >= 1 && gpus <= GPUS_MAX, "island_gpus", gpus, "a number from 1 to 100000");
        return new GpuModel.Island(
                gpus,
                optional("link_gb_per_s", RATE_MAX, model -> model.island().linkGbPerS())
                        .orElse(0.0));
    }

    private double number(String field, double max, Function<GpuModel, Double> ofBase) {
        return optional(field, max, ofBase).orElseThrow(() -> missing(field));
    }

    private Optional<Double> optional(String field, double max, Function<GpuModel, Double> ofBase) {
        return group.number(field)
                .map(value -> {
                    GpuModel.require(value >= 0 && value <= max, field, value, "a number from 0 to " + (long) max);
                    return value;
                })
                .or(() -> base.map(ofBase));
    }

    private static InvalidFieldException missing(String field) {
        return new InvalidFieldException(field, "missing", "given unless same_as names another model");
    }
}
