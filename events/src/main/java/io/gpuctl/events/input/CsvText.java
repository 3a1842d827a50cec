package io.gpuctl.events.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.gpuctl.events.units.PlainText;
import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CSV with a header line: values may be quoted, columns may be in any order, and blanks around values and blank lines
 * are ignored. Reads row by row.
 */
public final class CsvText {

    private static final ObjectReader ROWS = new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.TRIM_SPACES)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES);

    private final MappingIterator<String[]> rows;
    private final List<String> columns;

    private CsvText(MappingIterator<String[]> rows, List<String> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Reads the header.
     *
     * @throws CsvException if the header lacks a column, or names a column twice, which would be ambiguous
     */
    public static CsvText of(Reader text, List<String> required) throws IOException, CsvException {
        MappingIterator<String[]> rows = ROWS.readValues(text);
        try {
            List<String> columns = rows.hasNextValue() ? List.of(rows.nextValue()) : List.of();
            int line = columns.isEmpty() ? 1 : lineOf(rows);
            if (!columns.containsAll(required)) {
                throw new CsvException(
                        line,
                        "the header must name the columns %s; it names %s"
                                .formatted(
                                        String.join(",", required),
                                        columns.isEmpty() ? "none" : PlainText.quoted(String.join(",", columns))),
                        false);
            }
            Set<String> names = new HashSet<>();
            for (String column : columns) {
                if (!names.add(column)) {
                    throw new CsvException(
                            line, "the header names the column '%s' twice".formatted(PlainText.quoted(column)), false);
                }
            }
            return new CsvText(rows, columns);
        } catch (JsonProcessingException e) {
            throw notCsv(e);
        }
    }

    /** Returns the columns in the order of the file. */
    public List<String> columns() {
        return columns;
    }

    /**
     * Returns the next row; empty after the last row.
     *
     * @throws CsvException if the row has more or fewer values than the header has columns, in which case the caller
     *     may go on with the next row; or if the text is not CSV
     */
    public Optional<CsvRow> next() throws IOException, CsvException {
        try {
            return rows.hasNextValue() ? Optional.of(row(List.of(rows.nextValue()), lineOf(rows))) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw notCsv(e);
        }
    }

    private CsvRow row(List<String> values, int line) throws CsvException {
        if (values.size() != columns.size()) {
            throw new CsvException(
                    line,
                    "has %d values, but the header names %d columns".formatted(values.size(), columns.size()),
                    true);
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            row.put(columns.get(i), values.get(i));
        }
        return new CsvRow(row, line);
    }

    /** Returns the line of the value that was read last: the parser itself is already in the next line. */
    private static int lineOf(MappingIterator<String[]> rows) {
        return rows.getParser().currentTokenLocation().getLineNr();
    }

    private static CsvException notCsv(JsonProcessingException e) throws IOException {
        if (e.getCause() instanceof IOException unreadable) {
            throw unreadable;
        }
        JsonLocation place = e.getLocation();
        return new CsvException(
                place == null ? 1 : place.getLineNr(), "is not CSV: " + UntrustedJson.problem(e), false);
    }
}
