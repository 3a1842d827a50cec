package io.gpuctl.events;

import io.gpuctl.events.units.PlainText;

/** A field of a command, report or event holds a value that is not allowed. */
public final class InvalidFieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String allowed;

    /**
     * @param field the field's name as it stands in JSON, for example {@code gpus.count}
     * @param value the value that was given; cut if it is long, with control characters escaped
     * @param allowed what would have been allowed, as a phrase: "a number from 1 to 1000"
     */
    public InvalidFieldException(String field, Object value, String allowed) {
        super("%s is %s, but must be %s".formatted(field, PlainText.quoted(String.valueOf(value)), allowed));
        this.field = field;
        this.value = PlainText.quoted(String.valueOf(value));
        this.allowed = allowed;
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
