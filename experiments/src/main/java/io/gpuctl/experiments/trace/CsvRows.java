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

/** The rows of a CSV file with a header line, and what of them a task has no place for. */
final class CsvRows {

    private static final String NO_SUCH_COLUMN = "the format has no such column";

    private final Layout layout;
    private final TraceText text;
    private final CsvText csv;
    private final FieldCounts unused = new FieldCounts();
    private long number;

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

    private CsvRows(Layout layout, TraceText text, CsvText csv) {
        this.layout = layout;
        this.text = text;
        this.csv = csv;
    }

    /** Reads the header, and sees that it names the columns that it must. */
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

    /** Hands over each row, in order. */
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

    /** Of the row that is handed over, from 1; bad ones count. */
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

    /** Of the rows that were handed over. */
    List<FieldWithoutCounterpart> fieldsWithoutCounterpart() {
        return unused.fields();
    }

    private static WorkloadFormatException problem(TraceText text, CsvException e) {
        return new WorkloadFormatException(text.file(), e.line(), String.valueOf(e.getMessage()));
    }
}
