package io.gpuctl.cli.gpus;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.experiments.result.report.SeriesPicture;
import io.gpuctl.experiments.result.report.SeriesPicture.Curve;
import io.gpuctl.experiments.result.report.SeriesPicture.Panel;
import io.gpuctl.simulator.cluster.GpuModel;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.LoadStep;
import io.gpuctl.simulator.cluster.LoadStep.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Plots one GPU during a step of load, together with its limits. */
final class StepPicture {
    private static final double PERCENT = 100;

    private StepPicture() {}

    static String svg(GpuModels models, GpuModel model, double ambientCelsius) {
        List<Sample> samples = LoadStep.of(models, model.name(), ambientCelsius);
        List<Double> seconds = samples.stream().map(Sample::seconds).toList();
        String title = String.format(
                Locale.ROOT,
                "%s, one of eight in a node, in air of %.0f C: idle, full load for seven minutes, idle",
                model.name(),
                ambientCelsius);
        return SeriesPicture.svg(
                title,
                seconds,
                List.of(
                        new Panel("Utilisation, %", curves(samples, "utilisation", r -> PERCENT * r.utilization())),
                        new Panel("Power, W", power(model, samples)),
                        new Panel("Temperature, C", temperature(model, samples)),
                        new Panel("SM clock, MHz", clock(model, samples))));
    }

    private static List<Curve> power(GpuModel model, List<Sample> samples) {
        List<Curve> curves = curves(samples, "power", NodeTelemetry.Gpu::powerWatts);
        curves.add(limit("power limit", model.powerWatts().limit(), samples));
        return curves;
    }

    private static List<Curve> temperature(GpuModel model, List<Sample> samples) {
        List<Curve> curves = curves(samples, "temperature", NodeTelemetry.Gpu::temperatureCelsius);
        curves.add(limit("max operating", model.celsius().maxOperating(), samples));
        curves.add(limit("slowdown", model.celsius().slowdown(), samples));
        return curves;
    }

    private static List<Curve> clock(GpuModel model, List<Sample> samples) {
        List<Curve> curves = curves(samples, "SM clock", NodeTelemetry.Gpu::smClockMhz);
        curves.add(limit("boost", model.clocks().boostMhz(), samples));
        curves.add(limit("base", model.clocks().baseMhz(), samples));
        return curves;
    }

    private static List<Curve> curves(List<Sample> samples, String name, ToDoubleFunction<NodeTelemetry.Gpu> value) {
        List<Curve> curves = new ArrayList<>();
        curves.add(new Curve(
                name,
                samples.stream()
                        .map(sample -> value.applyAsDouble(sample.gpu()))
                        .toList()));
        return curves;
    }

    private static Curve limit(String name, double value, List<Sample> samples) {
        return new Curve(name, Collections.nCopies(samples.size(), value));
    }
}
