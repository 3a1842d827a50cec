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

/** Reads the key {@code cluster}: a file of nodes, or a number of equal nodes. */
final class ClusterSection {
    private final Section section;
    private final TraceFolder traces;

    ClusterSection(Section section, TraceFolder traces) {
        this.section = section;
        this.traces = traces;
    }

    /** Returns the built-in GPU models and those of the file {@code gpu_models}. */
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

    /** Returns the nodes; call after {@link #gpuModels}. */
    List<NodeInventory> nodes(GpuModels models) {
        Optional<String> file = section.text("file");
        Optional<Integer> count = section.integer("nodes", 1, ClusterShape.MAX_NODES);
        Optional<Integer> gpus = section.integer("gpus_per_node", 0, NodeInventory.MAX_GPUS);
        Optional<String> model = section.text("gpu_model");
        Optional<Integer> rackSize = section.integer("rack_size", 1, ClusterShape.MAX_NODES);
        Optional<String> pool = section.text("pool");
        section.requireNoOthers();
        if (file.isPresent()) {
            if (count.isPresent() || gpus.isPresent() || model.isPresent() || rackSize.isPresent()) {
                throw section.wrong(
                        "file", "without nodes, gpus_per_node, gpu_model and rack_size: the file lists the nodes");
            }
            return fromFile(traces.resolve(section.nameOf("file"), file.get()), models, pool);
        }
        if (pool.isPresent()) {
            throw section.wrong("pool", "absent without cluster.file: it selects nodes of that file");
        }
        int nodes = count.orElseThrow(() -> section.wrong("nodes", "set, unless cluster.file is set"));
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

    private List<NodeInventory> fromFile(Path file, GpuModels models, Optional<String> pool) {
        try {
            List<NodeInventory> nodes = ClusterFile.read(file, models);
            List<String> pools =
                    nodes.stream().map(node -> node.pool().value()).distinct().toList();
            if (pools.size() > 1 && pool.isEmpty()) {
                throw new ExperimentFileException(
                        "%s: %s has nodes of the pools %s, but an experiment runs in one pool: set %s"
                                .formatted(
                                        section.nameOf("file"),
                                        file,
                                        String.join(", ", pools),
                                        section.nameOf("pool")));
            }
            if (pool.isPresent() && !pools.contains(pool.get())) {
                throw section.wrong("pool", Section.oneOf(pool.get(), pools));
            }
            return nodes.stream()
                    .filter(node -> pool.isEmpty() || node.pool().value().equals(pool.get()))
                    .toList();
        } catch (ClusterFileException e) {
            throw new ExperimentFileException("%s: %s".formatted(section.nameOf("file"), e.getMessage()), e);
        }
    }
}
