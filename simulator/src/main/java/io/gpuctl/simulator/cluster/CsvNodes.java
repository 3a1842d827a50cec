package io.gpuctl.simulator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node list as the Alibaba openb trace publishes it: a header {@code sn,cpu_milli,memory_mib,gpu,model}, then a node in
 * each line. {@code sn} is the node's id, {@code gpu} the number of its GPUs, {@code model} their model, empty for a
 * node without. Columns may stand in any order; others are ignored. All nodes are in the default pool.
 */
final class CsvNodes {
    private static final List<String> COLUMNS = List.of("sn", "cpu_milli", "memory_mib", "gpu", "model");
    private static final String SIZE_ALLOWED = "a whole number of at most 18 digits";

    /** What the inventory calls a column. */
    private static final Map<String, String> COLUMN_OF =
            Map.of("node_id", "sn", "gpu_count", "gpu", "gpu_model", "model");

    private CsvNodes() {}

    static List<ClusterFile.Entry> read(Path file, Reader reader, GpuModels models) throws IOException {
        List<ClusterFile.Entry> entries = new ArrayList<>();
        try (MappingIterator<String[]> rows = new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .with(CsvParser.Feature.TRIM_SPACES)
                .with(CsvParser.Feature.SKIP_EMPTY_LINES)
                .readValues(reader)) {
            List<String> header = header(file, rows);
            while (rows.hasNextValue()) {
                List<String> values = List.of(rows.nextValue());
                // Where the row's last value stands: the parser itself is in the next line by now.
                int line = rows.getParser().currentTokenLocation().getLineNr();
                entries.add(new ClusterFile.Entry(new Row(file, line, header, values).node(models), line));
            }
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ClusterFileException(file, line, "this is no CSV: " + UntrustedJson.problem(e));
        }
        return entries;
    }

    private static List<String> header(Path file, MappingIterator<String[]> rows) throws IOException {
        List<String> header = rows.hasNextValue() ? List.of(rows.nextValue()) : List.of();
        for (var column : COLUMNS) {
            if (!header.contains(column)) {
                throw new ClusterFileException(
                        file,
                        1,
                        "the header is '%s', but must have the columns %s"
                                .formatted(String.join(",", header), String.join(",", COLUMNS)));
            }
        }
        return header;
    }

    private record Row(Path file, int line, List<String> header, List<String> values) {
        NodeInventory node(GpuModels models) {
            if (values.size() != header.size()) {
                throw new ClusterFileException(
                        file,
                        line,
                        "there are %d values, but must be %d as in the header".formatted(values.size(), header.size()));
            }
            try {
                values.forEach(Row::requirePlain);
                return shape().node(models, new NodeId(text("sn")), PoolId.DEFAULT);
            } catch (InvalidFieldException e) {
                throw ClusterFileException.of(file, line, COLUMN_OF.getOrDefault(e.field(), e.field()), e);
            }
        }

        private static void requirePlain(String value) {
            if (!PlainText.isPlain(value)) {
                throw new InvalidFieldException("a value", "'" + value + "'", PlainText.ALLOWED);
            }
        }

        private NodeShape shape() {
            int gpus = Math.clamp(number("gpu"), -1, Integer.MAX_VALUE);
            return new NodeShape(
                    text("model"), gpus, null, number("cpu_milli"), number("memory_mib"), null, null, null, null);
        }

        private String text(String column) {
            return values.get(header.indexOf(column));
        }

        private long number(String column) {
            String text = text(column);
            if (!text.matches("-?[0-9]{1,18}")) {
                throw new InvalidFieldException(column, "'" + text + "'", SIZE_ALLOWED);
            }
            return Long.parseLong(text);
        }
    }
}
