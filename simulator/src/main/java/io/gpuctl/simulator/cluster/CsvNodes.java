package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.input.CsvException;
import io.gpuctl.events.input.CsvRow;
import io.gpuctl.events.input.CsvText;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a node list in the format of the Alibaba openb trace: a header {@code sn,cpu_milli,memory_mib,gpu,model}, then
 * one node per line. {@code sn} is the node's id, {@code gpu} the number of its GPUs, {@code model} the GPU model,
 * empty for a node without GPUs. Columns may be in any order; others are ignored. All nodes are in the default pool.
 */
final class CsvNodes {
    private static final List<String> COLUMNS = List.of("sn", "cpu_milli", "memory_mib", "gpu", "model");

    /** Maps the names of inventory fields to those of the columns, where they differ. */
    private static final Map<String, String> COLUMN_OF =
            Map.of("node_id", "sn", "gpu_count", "gpu", "gpu_model", "model");

    private CsvNodes() {}

    static List<ClusterFile.Entry> read(Path file, Reader reader, GpuModels models) throws IOException {
        List<ClusterFile.Entry> entries = new ArrayList<>();
        try {
            CsvText rows = CsvText.of(reader, COLUMNS);
            for (Optional<CsvRow> row = rows.next(); row.isPresent(); row = rows.next()) {
                entries.add(new ClusterFile.Entry(
                        node(file, row.get(), models), row.get().line()));
            }
        } catch (CsvException e) {
            throw new ClusterFileException(file, e.line(), String.valueOf(e.getMessage()));
        }
        return entries;
    }

    private static NodeInventory node(Path file, CsvRow row, GpuModels models) {
        try {
            return shape(row).node(models, new NodeId(row.text("sn")), PoolId.DEFAULT);
        } catch (InvalidFieldException e) {
            throw ClusterFileException.of(file, row.line(), COLUMN_OF.getOrDefault(e.field(), e.field()), e);
        }
    }

    private static NodeShape shape(CsvRow row) {
        return new NodeShape(
                row.text("model"),
                row.count("gpu"),
                null,
                row.whole("cpu_milli"),
                row.whole("memory_mib"),
                null,
                null,
                null,
                null);
    }
}
