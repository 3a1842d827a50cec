package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a log in the Standard Workload Format 2.2, as in the Parallel Workloads Archive: comments that begin with a
 * semicolon, and a line of 18 numbers for each job, with times in seconds and -1 for unknown values. Accepts a line of
 * column names above the jobs, and more columns after the 18. Processors become GPUs: the requested processors if the
 * log has them, else the allocated ones.
 *
 * <p>Source: Chapin et al., "Benchmarks and Standards for the Evaluation of Parallel Job Schedulers", JSSPP 1999.
 */
final class SwfLog {

    private final TraceText text;
    private final ArrivalList arrivals;
    private final FieldCounts unused = new FieldCounts();
    private final SwfHeader header = new SwfHeader();
    private final Map<String, Long> rowsLeftOut = new LinkedHashMap<>();
    private boolean knowsWaits;

    /** The columns; empty until a header of column names, or the first job, was read. */
    private Optional<SwfColumns> columns = Optional.empty();

    private SwfLog(TraceText text) {
        this.text = text;
        this.arrivals = text.arrivals();
    }

    /** Returns a task for each job whose run time and number of processors are known. */
    static Workload read(TraceText text) throws IOException, WorkloadFormatException {
        var log = new SwfLog(text);
        int number = 0;
        for (String line = text.reader().readLine();
                line != null;
                line = text.reader().readLine()) {
            number++;
            if (line.stripLeading().startsWith(";")) {
                log.header.add(line.strip());
            } else if (!line.isBlank()) {
                log.addRow(line, number);
            }
        }
        return log.workload();
    }

    private void addRow(String line, int number) throws WorkloadFormatException {
        if (columns.isEmpty() && SwfColumns.isHeader(line)) {
            columns = Optional.of(header(line, number));
            return;
        }
        List<String> values = SwfColumns.split(line);
        int count = columns.map(known -> known.names().size()).orElse(Math.max(SwfField.COUNT, values.size()));
        if (values.size() != count) {
            text.badRows()
                    .add(new WorkloadFormatException(
                            text.file(),
                            number,
                            "has %d fields, but must have %d, separated by blanks".formatted(values.size(), count)));
            return;
        }
        columns = columns.or(() -> Optional.of(SwfColumns.numbered(count)));
        try {
            add(new SwfRow(values), number);
            columns.get().names().stream()
                    .skip(SwfField.COUNT)
                    .forEach(name -> unused.count(name, "the format has %d fields".formatted(SwfField.COUNT)));
        } catch (InvalidFieldException e) {
            text.badRows().add(WorkloadFormatException.of(text.file(), number, nameOf(e.field()), e));
        }
    }

    private SwfColumns header(String line, int number) throws WorkloadFormatException {
        try {
            return SwfColumns.named(line);
        } catch (SwfColumns.OtherOrderException e) {
            throw new WorkloadFormatException(text.file(), number, String.valueOf(e.getMessage()));
        }
    }

    private void add(SwfRow row, int number) throws WorkloadFormatException {
        String whyLeftOut = row.whyLeftOut().orElse("");
        if (!whyLeftOut.isEmpty()) {
            rowsLeftOut.merge(whyLeftOut, 1L, Long::sum);
            return;
        }
        arrivals.add(row.toArrival(), number, "the job number " + row.job());
        knowsWaits |= row.knows(SwfField.WAIT);
        for (SwfField field : SwfField.values()) {
            if (row.losesValueOf(field)) {
                unused.count(field.toString(), field.whyNoCounterpart());
            }
        }
    }

    /** Returns the file's name of a task field. */
    private static String nameOf(String field) {
        return switch (field) {
            case "work.duration_ms" -> SwfField.RUN + " in ms";
            case "memory_mib" -> SwfField.MEMORY_REQUESTED + " of all processors in MiB";
            default -> field;
        };
    }

    private Workload workload() throws WorkloadFormatException {
        List<String> assumptions = knowsWaits
                ? List.of()
                : List.of("no job has a wait time: the log's submit times may be the times of the starts");
        return arrivals.workload(
                text.name(),
                TraceFormat.SWF,
                new ReadingNotes(
                        unused.fields(),
                        rowsLeftOut.entrySet().stream()
                                .map(entry -> new RowsLeftOut(entry.getValue(), entry.getKey()))
                                .toList(),
                        assumptions,
                        header.entries()));
    }
}
