package io.gpuctl.api.request;

import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.InvalidFieldException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and checks the values of query parameters and headers. */
public final class Parameters {

    private Parameters() {}

    /** Returns a whole number; {@code fallback} if none was given. */
    public static int wholeNumber(String name, @Nullable String given, int fallback, int min, int max) {
        if (given == null) {
            return fallback;
        }
        String allowed = "a whole number from " + min + " to " + max;
        int number;
        try {
            number = Integer.parseInt(given);
        } catch (NumberFormatException _) {
            throw invalid(name, given, allowed);
        }
        if (number < min || number > max) {
            throw invalid(name, given, allowed);
        }
        return number;
    }

    /** Returns a value of a type that checks itself; empty if none was given. */
    public static <T> Optional<T> parsed(String name, @Nullable String given, Function<String, T> parser) {
        if (given == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(given));
        } catch (InvalidFieldException e) {
            throw invalid(name, given, e.allowed());
        }
    }

    public static ProblemException invalid(String name, String given, String allowed) {
        return ProblemException.of(ProblemType.INVALID_PARAMETER, FieldError.of(name, given, allowed));
    }
}
