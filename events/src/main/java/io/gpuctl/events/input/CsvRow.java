package io.gpuctl.events.input;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.Numbers;
import io.gpuctl.events.units.PlainText;
import java.util.Map;
import java.util.Objects;

/**
 * A row of a CSV file. Its methods throw {@link InvalidFieldException} for a value that is not what they read.
 *
 * @param values by column, without the blanks around them; empty where the row has none
 * @param line where it ends, from 1
 */
public record CsvRow(Map<String, String> values, int line) {

    public String text(String column) {
        String value = Objects.requireNonNull(values.get(column), column);
        if (!PlainText.isPlain(value)) {
            throw new InvalidFieldException(column, value, PlainText.ALLOWED);
        }
        return value;
    }

    public long whole(String column) {
        return Numbers.whole(column, text(column), 15);
    }

    /** Of at most six digits: more of anything that is counted in a task or a node is a mistake. */
    public int count(String column) {
        return Math.toIntExact(Numbers.whole(column, text(column), 6));
    }

    public double decimal(String column) {
        return Numbers.decimal(column, text(column));
    }

    public long secondsToMs(String column) {
        return Numbers.secondsToMs(column, text(column));
    }
}
