package io.gpuctl.cli.gpus;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.simulator.cluster.ClusterFileException;
import io.gpuctl.simulator.cluster.GpuModels;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The known GPU models: a mixin. */
public final class GpuModelsOption {

    @Option(
            names = "--gpu-models",
            paramLabel = "FILE",
            description =
                    "More GPU models, as YAML; a model with a known name replaces the known model. gpuctl gpus lists them.")
    private @Nullable Path file;

    /** Returns the built-in models and the models of the file; throws if the file is invalid. */
    public GpuModels models() {
        if (file == null) {
            return GpuModels.builtIn();
        }
        try {
            return GpuModels.builtIn().with(file);
        } catch (ClusterFileException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
