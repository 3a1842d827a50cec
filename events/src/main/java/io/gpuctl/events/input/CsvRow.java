package io.gpuctl.events.input;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.Numbers;
import io.gpuctl.events.units.PlainText;
import java.util.Map;
import java.util.Objects;

/**
 * A row of a CSV file. The methods throw {@link InvalidFieldException} for a value of the wrong form.
 *
 * @param values by column, without surrounding blanks; empty if the row has none
 * @param line the line in which the row ends, from 1
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

    /** Returns a whole number of at most six digits: a larger count in a task or a node is a mistake. */
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
