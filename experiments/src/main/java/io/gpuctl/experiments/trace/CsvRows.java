package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.units.PlainText;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a CSV file with a header line. Columns may stand in any order; blank lines are skipped. */
final class CsvRows {

    private static final ObjectReader ROWS = new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.TRIM_SPACES)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES);

    private static final String NO_SUCH_COLUMN = "the format has no such column";

    private final Layout layout;
    private final TraceText text;
    private final MappingIterator<String[]> rows;
    private final List<String> columns;
    private final FieldCounts unused = new FieldCounts();

    /**
     * What a reader knows of a format's columns.
     *
     * @param required that the header must name
     * @param optional that are used where the header names them
     * @param reasons why the others have no counterpart, by column
     * @param columnOfField which column a field of a task comes from, where the two are not called alike
     */
    record Layout(
            List<String> required,
            List<String> optional,
            Map<String, String> reasons,
            Map<String, String> columnOfField) {

        private boolean uses(String column) {
            return !reasons.containsKey(column) && (required.contains(column) || optional.contains(column));
        }
    }

    /** What is done with a row; it throws {@link InvalidFieldException} for a value that cannot be. */
    interface RowReading {
        void accept(CsvRow row) throws WorkloadFormatException;
    }

    private CsvRows(Layout layout, TraceText text, MappingIterator<String[]> rows, List<String> columns) {
        this.layout = layout;
        this.text = text;
        this.rows = rows;
        this.columns = columns;
    }

    /** Reads the header, and sees that it names the columns that it must. */
    static CsvRows of(TraceText text, Layout layout) throws IOException, WorkloadFormatException {
        MappingIterator<String[]> rows = ROWS.readValues(text.reader());
        try {
            List<String> columns = rows.hasNextValue() ? List.of(rows.nextValue()) : List.of();
            if (!columns.containsAll(layout.required)) {
                throw new WorkloadFormatException(
                        text.file(),
                        1,
                        "the header must name the columns %s; it names %s"
                                .formatted(String.join(",", layout.required), named(columns)));
            }
            if (new HashSet<>(columns).size() < columns.size()) {
                throw new WorkloadFormatException(
                        text.file(), 1, "the header names a column twice; it names " + named(columns));
            }
            return new CsvRows(layout, text, rows, columns);
        } catch (JsonProcessingException e) {
            throw notCsv(text, e);
        }
    }

    private static String named(List<String> columns) {
        return columns.isEmpty() ? "none" : String.join(",", columns);
    }

    boolean has(String column) {
        return columns.contains(column);
    }

    /** Hands over each row, in order. */
    void forEach(RowReading reading) throws IOException, WorkloadFormatException {
        try {
            while (rows.hasNextValue()) {
                List<String> values = List.of(rows.nextValue());
                // Where the row's last value stands: the parser itself is in the next line by now.
                read(values, rows.getParser().currentTokenLocation().getLineNr(), reading);
            }
        } catch (JsonProcessingException e) {
            throw notCsv(text, e);
        }
    }

    private void read(List<String> values, int line, RowReading reading) throws WorkloadFormatException {
        if (values.size() != columns.size()) {
            throw new WorkloadFormatException(
                    text.file(),
                    line,
                    "has %d values, but the header names %d columns".formatted(values.size(), columns.size()));
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            row.put(columns.get(i), values.get(i));
        }
        try {
            row.forEach(this::requirePlain);
            reading.accept(new CsvRow(row, line));
        } catch (InvalidFieldException e) {
            throw WorkloadFormatException.of(
                    text.file(), line, layout.columnOfField.getOrDefault(e.field(), e.field()), e);
        }
        row.forEach((column, value) -> {
            if (!value.isEmpty() && !layout.uses(column)) {
                unused.count(column, layout.reasons.getOrDefault(column, NO_SUCH_COLUMN));
            }
        });
    }

    private void requirePlain(String column, String value) {
        if (layout.uses(column) && !PlainText.isPlain(value)) {
            throw new InvalidFieldException(column, value, PlainText.ALLOWED);
        }
    }

    /** Of the rows that were handed over. */
    List<FieldWithoutCounterpart> fieldsWithoutCounterpart() {
        return unused.fields();
    }

    private static WorkloadFormatException notCsv(TraceText text, JsonProcessingException e) throws IOException {
        if (e.getCause() instanceof IOException unreadable) {
            throw unreadable;
        }
        JsonLocation place = e.getLocation();
        return new WorkloadFormatException(
                text.file(), place == null ? 1 : place.getLineNr(), "is not CSV: " + UntrustedJson.problem(e));
    }
}
