package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.input.CsvException;
import io.gpuctl.events.input.CsvRow;
import io.gpuctl.events.input.CsvText;
import io.gpuctl.experiments.trace.ReadingNotes.FieldWithoutCounterpart;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a CSV file with a header line, and the columns that have no counterpart in a task. */
final class CsvRows {

    private static final String NO_SUCH_COLUMN = "the format does not define this column";

    private final Layout layout;
    private final TraceText text;
    private final CsvText csv;
    private final FieldCounts unused = new FieldCounts();
    private long number;

    /**
     * The columns of a format.
     *
     * @param required columns that the header must name
     * @param optional columns that are used if the header names them
     * @param reasons why other columns have no counterpart, by column
     * @param columnOfField the columns of task fields whose names differ from their columns
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

    /** Processes a row; throws {@link InvalidFieldException} for an invalid value. */
    interface RowReading {
        void accept(CsvRow row) throws WorkloadFormatException;
    }

    private CsvRows(Layout layout, TraceText text, CsvText csv) {
        this.layout = layout;
        this.text = text;
        this.csv = csv;
    }

    /** Reads the header, and checks that it names the required columns. */
    static CsvRows of(TraceText text, Layout layout) throws IOException, WorkloadFormatException {
        try {
            return new CsvRows(layout, text, CsvText.of(text.reader(), layout.required));
        } catch (CsvException e) {
            throw problem(text, e);
        }
    }

    boolean has(String column) {
        return csv.columns().contains(column);
    }

    /** Passes each row to the reading, in order. */
    void forEach(RowReading reading) throws IOException, WorkloadFormatException {
        while (true) {
            number++;
            try {
                Optional<CsvRow> row = csv.next();
                if (row.isEmpty()) {
                    return;
                }
                read(row.get(), reading);
            } catch (CsvException e) {
                if (!e.isOfOneRow()) {
                    throw problem(text, e);
                }
                text.badRows().add(problem(text, e));
            }
        }
    }

    /** Returns the number of the current row, from 1; bad rows count. */
    long number() {
        return number;
    }

    private void read(CsvRow row, RowReading reading) throws WorkloadFormatException {
        try {
            reading.accept(row);
        } catch (InvalidFieldException e) {
            text.badRows()
                    .add(WorkloadFormatException.of(
                            text.file(), row.line(), layout.columnOfField.getOrDefault(e.field(), e.field()), e));
            return;
        }
        row.values().forEach((column, value) -> {
            if (!value.isEmpty() && !layout.uses(column)) {
                unused.count(column, layout.reasons.getOrDefault(column, NO_SUCH_COLUMN));
            }
        });
    }

    /** Returns the unused columns of the rows read so far. */
    List<FieldWithoutCounterpart> fieldsWithoutCounterpart() {
        return unused.fields();
    }

    private static WorkloadFormatException problem(TraceText text, CsvException e) {
        return new WorkloadFormatException(text.file(), e.line(), String.valueOf(e.getMessage()));
    }
}
