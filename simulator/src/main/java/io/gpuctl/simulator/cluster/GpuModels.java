package io.gpuctl.simulator.cluster;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.input.TextFile;
import io.gpuctl.simulator.model.GpuPhysics;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** GPU models by name: those of {@code gpu-models.yaml} beside this class, and those of a file in the same format. */
public final class GpuModels {
    private static final String RESOURCE = "gpu-models.yaml";
    private static final GpuModels BUILT_IN = new GpuModels(readResource());

    private final List<GpuModel> all;

    private GpuModels(List<GpuModel> all) {
        this.all = all;
    }

    /** Returns the models of {@code gpu-models.yaml}. */
    public static GpuModels builtIn() {
        return BUILT_IN;
    }

    /**
     * Returns these models and the models of a YAML file, which replace models with the same name.
     *
     * @throws ClusterFileException if the file cannot be read, or a value in it is not allowed
     */
    public GpuModels with(Path file) {
        try (var text = TextFile.open(file)) {
            return new GpuModels(YamlModels.read(file, text.reader(), all));
        } catch (IOException e) {
            throw ClusterFileException.unreadable(file, e);
        }
    }

    /** Returns all models, in the order of the files. */
    public List<GpuModel> all() {
        return all;
    }

    public List<String> names() {
        return all.stream().map(GpuModel::name).toList();
    }

    /** Finds a model; case does not matter. */
    public Optional<GpuModel> named(String name) {
        return YamlModels.find(all, name);
    }

    /** Returns the physics of a node's GPUs. An unknown model counts as a typical GPU with its power limit. */
    public GpuPhysics physics(NodeInventory inventory) {
        return named(inventory.gpuModel()).map(GpuModel::physics).orElseGet(() -> GpuPhysics.typical(inventory));
    }

    private static List<GpuModel> readResource() {
        try (var input = Objects.requireNonNull(GpuModels.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return YamlModels.read(Path.of(RESOURCE), new InputStreamReader(input, StandardCharsets.UTF_8), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
