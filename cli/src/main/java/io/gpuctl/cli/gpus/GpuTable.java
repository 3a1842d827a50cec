package io.gpuctl.cli.gpus;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.units.Sizes;
import io.gpuctl.simulator.cluster.GpuModel;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.Precision;
import io.gpuctl.simulator.cluster.SteadyState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows GPU models, each under typical loads. */
final class GpuTable {
    private static final List<Double> LOADS = List.of(0.0, 0.5, 1.0);
    private static final int DECIMALS = 3;

    private GpuTable() {}

    static Table table(GpuModels models, List<GpuModel> shown, double ambientCelsius) {
        var table = new Table(
                Column.left("MODEL"),
                Column.right("MEMORY"),
                Column.right("LOAD"),
                Column.right("POWER W"),
                Column.right("LIMIT"),
                Column.right("TEMP C"),
                Column.right("SLOWDOWN"),
                Column.right("SHUTDOWN"),
                Column.right("SM MHZ"),
                Column.right("BOOST"),
                Column.left("CLOCK EVENTS"));
        for (GpuModel model : shown) {
            for (double load : LOADS) {
                NodeTelemetry.Gpu gpu = SteadyState.of(models, model.name(), load, ambientCelsius);
                table.row(
                        model.name(),
                        Sizes.human(model.memoryMib()),
                        Math.round(100 * load) + " %",
                        decimal(gpu.powerWatts()),
                        decimal(model.powerWatts().limit()),
                        decimal(gpu.temperatureCelsius()),
                        decimal(model.celsius().maxOperating()) + " / "
                                + decimal(model.celsius().slowdown()),
                        decimal(model.celsius().shutdown()),
                        Integer.toString(gpu.smClockMhz()),
                        Integer.toString(model.clocks().boostMhz()),
                        String.join(",", gpu.clocks().reasons()));
            }
        }
        return table;
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replace(".0", "");
    }

    static ArrayNode json(GpuModels models, List<GpuModel> shown, double ambientCelsius) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (GpuModel model : shown) {
            ObjectNode node = all.addObject();
            describe(node, model);
            ArrayNode loads = node.putArray("steady");
            for (double load : LOADS) {
                describe(loads.addObject(), model, load, SteadyState.of(models, model.name(), load, ambientCelsius));
            }
        }
        return all;
    }

    private static void describe(ObjectNode node, GpuModel model) {
        node.put("name", model.name())
                .put("memory_mib", model.memoryMib())
                .put("total_memory_mib", model.memory().totalMib())
                .put("reserved_memory_mib", model.memory().reservedMib())
                .put("idle_power_watts", model.powerWatts().idle())
                .put("limit_power_watts", model.powerWatts().limit())
                .put("full_load_power_watts", model.powerWatts().fullLoad())
                .put("base_clock_mhz", model.clocks().baseMhz())
                .put("boost_clock_mhz", model.clocks().boostMhz())
                .put("idle_clock_mhz", model.clocks().idleMhz())
                .put("memory_clock_mhz", model.clocks().memoryMhz())
                .put("max_operating_celsius", model.celsius().maxOperating())
                .put("slowdown_celsius", model.celsius().slowdown())
                .put("shutdown_celsius", model.celsius().shutdown())
                .put("memory_gb_per_s", model.throughput().memoryGbPerS())
                .put("island_gpus", model.island().gpus())
                .put("link_gb_per_s", model.island().linkGbPerS());
        put(node.putObject("relative_training_throughput"), model.throughput().relativeTraining());
        put(node.putObject("relative_inference_throughput"), model.throughput().relativeInference());
    }

    private static void put(ObjectNode node, Map<Precision, Double> values) {
        values.forEach((precision, value) -> node.put(precision.toString(), rounded(value)));
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP);
    }

    private static void describe(ObjectNode node, GpuModel model, double load, NodeTelemetry.Gpu gpu) {
        node.put("load", load)
                .put("power_watts", rounded(gpu.powerWatts()))
                .put("temperature_celsius", rounded(gpu.temperatureCelsius()))
                .put("fan_duty", rounded(model.fanDutyAt(gpu.powerWatts())))
                .put("sm_clock_mhz", gpu.smClockMhz());
        ArrayNode reasons = node.putArray("clock_event_reasons");
        gpu.clocks().reasons().forEach(reasons::add);
    }
}
