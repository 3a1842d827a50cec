package io.gpuctl.experiments.spec;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.cluster.ClusterFile;
import io.gpuctl.simulator.cluster.ClusterFileException;
import io.gpuctl.simulator.cluster.ClusterShape;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.cluster.NodeShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code cluster}: a file, or nodes that are all alike. */
final class ClusterSection {
    private final Section section;
    private final TraceFolder traces;

    ClusterSection(Section section, TraceFolder traces) {
        this.section = section;
        this.traces = traces;
    }

    /** Those that come with the program, and those of {@code gpu_models}. */
    GpuModels gpuModels() {
        Optional<String> file = section.text("gpu_models");
        if (file.isEmpty()) {
            return GpuModels.builtIn();
        }
        try {
            return GpuModels.builtIn().with(traces.resolve(section.nameOf("gpu_models"), file.get()));
        } catch (ClusterFileException e) {
            throw new ExperimentFileException("%s: %s".formatted(section.nameOf("gpu_models"), e.getMessage()), e);
        }
    }

    /** To be called behind {@link #gpuModels}. */
    List<NodeInventory> nodes(GpuModels models) {
        Optional<String> file = section.text("file");
        Optional<Integer> count = section.integer("nodes", 1, ClusterShape.MAX_NODES);
        Optional<Integer> gpus = section.integer("gpus_per_node", 0, NodeInventory.MAX_GPUS);
        Optional<String> model = section.text("gpu_model");
        Optional<Integer> rackSize = section.integer("rack_size", 1, ClusterShape.MAX_NODES);
        section.requireNoOthers();
        if (file.isPresent()) {
            if (count.isPresent() || gpus.isPresent() || model.isPresent() || rackSize.isPresent()) {
                throw section.wrong("file", "alone: the file says what nodes there are");
            }
            return fromFile(traces.resolve(section.nameOf("file"), file.get()), models);
        }
        int nodes = count.orElseThrow(() -> section.wrong("nodes", "there, or else file"));
        var shape = NodeShape.of(model.orElse(NodeShape.DEFAULT_GPU_MODEL), gpus.orElse(NodeShape.DEFAULT_GPUS));
        return shaped(nodes, shape, rackSize.orElse(1), models);
    }

    private List<NodeInventory> shaped(int nodes, NodeShape shape, int rackSize, GpuModels models) {
        try {
            return ClusterShape.of(nodes, shape, rackSize, models);
        } catch (InvalidFieldException e) {
            throw ExperimentFileException.of(section.nameOf(e.field()), e.value(), e.allowed());
        }
    }

    private List<NodeInventory> fromFile(Path file, GpuModels models) {
        try {
            List<NodeInventory> nodes = ClusterFile.read(file, models);
            if (nodes.stream().map(NodeInventory::pool).distinct().count() > 1) {
                throw section.wrong("file", "one with nodes of one pool: pools do not share tasks");
            }
            return nodes;
        } catch (ClusterFileException e) {
            throw new ExperimentFileException("%s: %s".formatted(section.nameOf("file"), e.getMessage()), e);
        }
    }
}
