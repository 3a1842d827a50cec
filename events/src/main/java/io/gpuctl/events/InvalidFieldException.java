package io.gpuctl.events;

import io.gpuctl.events.units.PlainText;
import java.math.BigDecimal;

/** A field of a command, report or event holds a value that is not allowed. */
public final class InvalidFieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** The maximum number of zeros of a number that is written out. */
    private static final int SCALE_MAX = 20;

    private final String field;
    private final String value;
    private final String allowed;

    /**
     * @param field the field's name as it stands in JSON, for example {@code gpus.count}
     * @param value the value that was given; cut if it is long, with control characters escaped
     * @param allowed what is allowed, as a phrase: "a number from 1 to 1000"
     */
    public InvalidFieldException(String field, Object value, String allowed) {
        super("%s is %s, but must be %s".formatted(field, text(value), allowed));
        this.field = field;
        this.value = text(value);
        this.allowed = allowed;
    }

    /** Writes a number as people do: 90, not the 9E+1 that a JSON reader makes of it. */
    private static String text(Object value) {
        boolean isPlain = value instanceof BigDecimal number && Math.abs((long) number.scale()) <= SCALE_MAX;
        return PlainText.quoted(isPlain ? ((BigDecimal) value).toPlainString() : String.valueOf(value));
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    public String allowed() {
        return allowed;
    }
}
