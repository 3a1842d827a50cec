package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import java.util.Map;
import java.util.Objects;

/**
 * A row of a CSV file. Its methods throw {@link InvalidFieldException} for a value that is not what they read.
 *
 * @param values by column; empty where the row has none
 */
record CsvRow(Map<String, String> values, int line) {

    String text(String column) {
        return Objects.requireNonNull(values.get(column), column);
    }

    long whole(String column) {
        return Numbers.whole(column, text(column), 15);
    }

    /** Of at most six digits: more of anything that is counted in a task is a mistake. */
    int count(String column) {
        return Math.toIntExact(Numbers.whole(column, text(column), 6));
    }

    double decimal(String column) {
        return Numbers.decimal(column, text(column));
    }

    long secondsToMs(String column) {
        return Numbers.secondsToMs(column, text(column));
    }
}
