package io.gpuctl.cli.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskId;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads a pod list of the openb trace (Alibaba, cluster-trace-gpu-v2023): CSV with a header line, gzip-compressed if its
 * name ends in {@code .gz}. Its columns: {@code
 * name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time}, times
 * in seconds from the start of the trace; all after the fifth may be missing together.
 */
public final class OpenbPods {

    private static final ObjectReader ROWS = new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.TRIM_SPACES)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES);

    private OpenbPods() {}

    /**
     * Reads all of the file, or nothing: one task for each pod, in the order of their arrivals; pods that arrive in the
     * same second stay in the order of the file.
     *
     * @throws WorkloadFormatException if a line is not as it should be
     * @throws IOException if the file cannot be read
     */
    public static List<Arrival> read(Path file) throws IOException, WorkloadFormatException {
        try (Reader reader = open(file);
                MappingIterator<String[]> rows = ROWS.readValues(reader)) {
            List<Arrival> arrivals = arrivals(file, rows);
            arrivals.sort(Comparator.comparingLong(Arrival::atMs));
            return List.copyOf(arrivals);
        } catch (NoSuchFileException _) {
            throw new WorkloadFormatException(file, "there is no such file");
        } catch (CharacterCodingException _) {
            throw new WorkloadFormatException(file, "is not UTF-8 text");
        } catch (JsonProcessingException e) {
            throw new WorkloadFormatException(
                    file, e.getLocation().getLineNr(), "is not CSV: " + e.getOriginalMessage());
        }
    }

    private static Reader open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        boolean compressed = file.getFileName().toString().endsWith(".gz");
        return new BufferedReader(new InputStreamReader(
                compressed ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8.newDecoder()));
    }

    private static List<Arrival> arrivals(Path file, MappingIterator<String[]> rows)
            throws IOException, WorkloadFormatException {
        var columns = OpenbPodRow.Columns.of(file, rows.hasNextValue() ? List.of(rows.nextValue()) : List.of());
        List<Arrival> arrivals = new ArrayList<>();
        Map<TaskId, Integer> lineOfName = new HashMap<>();
        while (rows.hasNextValue()) {
            int line = rows.getCurrentLocation().getLineNr();
            Arrival arrival = arrival(file, line, List.of(rows.nextValue()), columns);
            Integer earlier = lineOfName.putIfAbsent(arrival.task().taskId(), line);
            if (earlier != null) {
                throw new WorkloadFormatException(
                        file,
                        line,
                        "the name %s stands on line %d too"
                                .formatted(arrival.task().taskId(), earlier));
            }
            arrivals.add(arrival);
        }
        if (arrivals.isEmpty()) {
            throw new WorkloadFormatException(file, "has no pods");
        }
        return arrivals;
    }

    private static Arrival arrival(Path file, int line, List<String> values, OpenbPodRow.Columns columns)
            throws WorkloadFormatException {
        if (values.size() != columns.names().size()) {
            throw new WorkloadFormatException(
                    file,
                    line,
                    "has %d values, but the header names %d columns"
                            .formatted(values.size(), columns.names().size()));
        }
        try {
            return new OpenbPodRow(values, columns).toArrival();
        } catch (InvalidFieldException e) {
            throw new WorkloadFormatException(
                    file, line, "%s is %s, but must be %s".formatted(e.field(), e.value(), e.allowed()));
        }
    }
}
