package io.gpuctl.events.form;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The kind of a field: its values and their limits.
 *
 * @param <T> the value as clients see it: seconds, not milliseconds
 */
public sealed interface FieldKind<T> {

    /**
     * Reads the field's value; empty if the source has none. A wrong value is noted in the source and then counts as
     * absent. Some kinds still return it, so that rules over several fields apply to it too.
     */
    Optional<T> read(String name, FieldSource source);

    /** An identifier, such as a task's or a pool's. The constructor checks it. */
    record Identifier<T>(Function<String, T> constructor) implements FieldKind<T> {
        /** The identifiers that the constructors accept, as a regular expression. */
        public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

        @Override
        public Optional<T> read(String name, FieldSource source) {
            return source.text(name).flatMap(text -> source.checked(name, () -> constructor.apply(text)));
        }
    }

    /** A text that is not blank. */
    record Text(int lengthMax) implements FieldKind<String> {
        @Override
        public Optional<String> read(String name, FieldSource source) {
            return source.text(name).filter(text -> {
                boolean allowed = !text.isBlank() && text.length() <= lengthMax;
                if (!allowed) {
                    source.note(name, "1 to %d characters".formatted(lengthMax));
                }
                return allowed;
            });
        }
    }

    /** A list of texts that are not blank. */
    record Texts(int max, int lengthMax) implements FieldKind<List<String>> {
        @Override
        public Optional<List<String>> read(String name, FieldSource source) {
            List<String> texts = source.texts(name);
            if (texts.size() > max || texts.stream().anyMatch(text -> text.isBlank() || text.length() > lengthMax)) {
                source.note(name, "at most %d names, each of 1 to %d characters".formatted(max, lengthMax));
            }
            return Optional.of(texts);
        }
    }

    /** One of the constants of an enumeration, by its name in lower case. */
    record Word<E extends Enum<E>>(Class<E> values) implements FieldKind<E> {
        @Override
        public Optional<E> read(String name, FieldSource source) {
            return source.oneOf(values, name);
        }
    }

    /** A whole number that fits into an {@code int}. */
    record Count(int min, int max) implements FieldKind<Integer> {
        @Override
        public Optional<Integer> read(String name, FieldSource source) {
            return source.whole(name, min, max).map(Long::intValue);
        }
    }

    /** A whole number. */
    record Whole(long min, long max) implements FieldKind<Long> {
        @Override
        public Optional<Long> read(String name, FieldSource source) {
            return source.whole(name, min, max);
        }
    }

    /** A number from 0 to 1. */
    record Fraction() implements FieldKind<Double> {
        @Override
        public Optional<Double> read(String name, FieldSource source) {
            return source.number(name, "a number", 0, 1).map(BigDecimal::doubleValue);
        }
    }

    /**
     * A number of GPUs: a whole one, or a share of one GPU in thousandths. Any other number is noted, but still
     * returned.
     */
    record Gpus(int max) implements FieldKind<BigDecimal> {
        @Override
        public Optional<BigDecimal> read(String name, FieldSource source) {
            Optional<BigDecimal> gpus = source.number(name, "a number", 0, max);
            if (gpus.isPresent() && !isWholeOrShare(gpus.get())) {
                source.note(name, "a whole number, or a share of one GPU: 0.001 to 0.999 in steps of 0.001");
            }
            return gpus;
        }

        static boolean isWholeOrShare(BigDecimal gpus) {
            int digits = gpus.stripTrailingZeros().scale();
            return isShare(gpus) ? digits <= 3 : digits <= 0;
        }

        static boolean isShare(BigDecimal gpus) {
            return gpus.signum() > 0 && gpus.compareTo(BigDecimal.ONE) < 0;
        }
    }

    /** A number of GiB. */
    record Gibibytes(long maxMib) implements FieldKind<BigDecimal> {
        public long max() {
            return maxMib / Units.MIB_PER_GIB;
        }

        @Override
        public Optional<BigDecimal> read(String name, FieldSource source) {
            return source.number(name, "a number of GiB", 0, max());
        }
    }

    /**
     * A number of seconds, exact to a millisecond.
     *
     * @param leastMs the smallest number other than 0, ms. A smaller number is noted, but still returned
     */
    record Seconds(long leastMs, long maxMs) implements FieldKind<BigDecimal> {
        public long max() {
            return maxMs / Units.MS_PER_SECOND;
        }

        @Override
        public Optional<BigDecimal> read(String name, FieldSource source) {
            Optional<Long> ms = source.secondsAsMs(name, max());
            if (ms.isPresent() && ms.get() > 0 && ms.get() < leastMs) {
                source.note(name, "absent, 0, or at least %d s".formatted(leastMs / Units.MS_PER_SECOND));
            }
            return ms.map(Units::thousandths);
        }
    }

    /** True or false. */
    record Flag() implements FieldKind<Boolean> {
        @Override
        public Optional<Boolean> read(String name, FieldSource source) {
            return Optional.of(source.flag(name));
        }
    }
}
