package io.gpuctl.cli.gpus;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.simulator.cluster.GpuModel;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.NodeShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the GPU models, and their steady states in the physical model. */
@Command(
        name = "gpus",
        description = {
            "Lists the known GPU models: each in its steady state when idle, at half and at full load, in a node with"
                    + " eight of them, and its limits.",
            "This is computed by the same model that simulates nodes. Sources and formulas: docs/gpu-model.md."
        })
public final class GpusCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Mixin
    private GpuModelsOption gpuModels = new GpuModelsOption();

    @Option(
            names = "--ambient",
            paramLabel = "CELSIUS",
            defaultValue = "" + NodeShape.DEFAULT_AMBIENT_CELSIUS,
            description = "Temperature of the room (default: ${DEFAULT-VALUE}).")
    private double ambientCelsius = NodeShape.DEFAULT_AMBIENT_CELSIUS;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Format of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    @Option(
            names = "--step",
            paramLabel = "FILE.svg",
            description =
                    "Instead, draw a chart of one GPU during a step of load: utilisation, power, temperature and clock.")
    private @Nullable Path stepFile;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Only this GPU model (default: all; in the chart " + NodeShape.DEFAULT_GPU_MODEL + ").")
    private @Nullable String model;

    @Override
    public void run() {
        GpuModels models = gpuModels.models();
        if (stepFile == null) {
            list(models);
        } else {
            draw(models, stepFile);
        }
    }

    private void draw(GpuModels models, Path file) {
        GpuModel drawn = named(models, model == null ? NodeShape.DEFAULT_GPU_MODEL : model);
        try {
            Files.writeString(file, StepPicture.svg(models, drawn, ambientCelsius));
        } catch (InvalidFieldException e) {
            throw new ParameterException(spec.commandLine(), "--ambient: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailedException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private GpuModel named(GpuModels models, String name) {
        return models.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--model: there is no '%s'; there are %s".formatted(name, String.join(", ", models.names()))));
    }

    private void list(GpuModels models) {
        List<GpuModel> shown = model == null ? models.all() : List.of(named(models, model));
        var out = spec.commandLine().getOut();
        try {
            switch (output) {
                case TABLE -> out.println(GpuTable.table(models, shown, ambientCelsius));
                case JSON, YAML -> out.println(output.write(GpuTable.json(models, shown, ambientCelsius)));
            }
        } catch (InvalidFieldException e) {
            throw new ParameterException(spec.commandLine(), "--ambient: " + e.getMessage(), e);
        }
        out.flush();
    }
}
