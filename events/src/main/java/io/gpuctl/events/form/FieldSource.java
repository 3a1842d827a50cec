package io.gpuctl.events.form;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The named values of a document, for example of a JSON body, and the errors found in them. A wrong value is noted and
 * then counts as absent, so that one pass finds every error. Not thread-safe.
 */
public interface FieldSource {

    boolean has(String name);

    Optional<String> text(String name);

    /** Returns the texts of a list; empty if the field is absent. */
    List<String> texts(String name);

    /** Returns the flag; false if the field is absent. */
    boolean flag(String name);

    /**
     * Returns a number from {@code min} to {@code max}; {@code phrase} describes it in errors: "a number of seconds".
     */
    Optional<BigDecimal> number(String name, String phrase, long min, long max);

    /** Returns a whole number from {@code min} to {@code max}. */
    Optional<Long> whole(String name, long min, long max);

    /**
     * Returns a number of seconds up to {@code maxSeconds}, in ms. A number above 0 that would become 0 ms is wrong.
     */
    Optional<Long> secondsAsMs(String name, long maxSeconds);

    /** Returns one of the constants, by its name in lower case. */
    <E extends Enum<E>> Optional<E> oneOf(Class<E> values, String name);

    /**
     * Returns what the constructor makes of the field's value; notes an {@link io.gpuctl.events.InvalidFieldException}.
     */
    <T> Optional<T> checked(String name, Supplier<T> constructor);

    /** Notes that the field's value is wrong, and what is allowed instead. */
    void note(String name, String allowed);

    /** Throws an exception with everything that was noted, if anything was. */
    void throwIfWrong();
}
