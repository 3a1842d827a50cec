package io.gpuctl.events.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A page in Prometheus' text format 0.0.4, as bytes. Client libraries rename DCGM's metrics, and create an object for
 * each sample: too many objects, since a node's page has hundreds of samples, and a cluster serves thousands of such
 * pages every few seconds.
 *
 * <p>Families are written one after another, each with all its samples. Not thread-safe.
 */
public final class MetricsText {
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** A power of ten for each number of decimals that a value may have. */
    private static final long[] STEPS = {1, 10, 100, 1_000, 10_000};

    private static final int DIGITS_MAX = 20;

    private byte[] bytes;
    private int length;
    private byte[] name = {};

    /** Creates a page, which grows beyond the capacity if necessary. */
    public MetricsText(int capacityBytes) {
        bytes = new byte[Math.max(capacityBytes, DIGITS_MAX)];
    }

    /** A metric, ready to be written many times. */
    public static final class Family {
        private final byte[] header;
        private final byte[] name;

        public Family(String name, Metric.Kind kind, String help) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            header = "# HELP %s %s\n# TYPE %s %s\n"
                    .formatted(
                            name,
                            help.replace("\\", "\\\\").replace("\n", "\\n"),
                            name,
                            kind.name().toLowerCase(Locale.ROOT))
                    .getBytes(StandardCharsets.UTF_8);
        }

        public static Family of(Metric metric) {
            return new Family(metric.prometheusName(), metric.kind(), metric.help());
        }
    }

    /** Labels of a sample, ready to be written many times. */
    public static final class Labels {
        public static final Labels NONE = new Labels("");

        private final String inner;
        private final byte[] block;

        private Labels(String inner) {
            this.inner = inner;
            block = (inner.isEmpty() ? " " : "{" + inner + "} ").getBytes(StandardCharsets.UTF_8);
        }

        /** Returns labels from as many values as names, in the same order. */
        public static Labels of(List<String> names, String... values) {
            if (names.size() != values.length) {
                throw new IllegalArgumentException("%d values for the labels %s".formatted(values.length, names));
            }
            var inner = new StringBuilder(32 * values.length);
            for (int i = 0; i < values.length; i++) {
                append(names.get(i), values[i], inner);
            }
            return new Labels(inner.toString());
        }

        /** Returns these labels followed by another one. */
        public Labels and(String name, String value) {
            var more = new StringBuilder(inner);
            append(name, value, more);
            return new Labels(more.toString());
        }

        private static void append(String name, String value, StringBuilder inner) {
            if (!inner.isEmpty()) {
                inner.append(',');
            }
            inner.append(name).append("=\"");
            for (int i = 0; i < value.length(); i++) {
                switch (value.charAt(i)) {
                    case '\\' -> inner.append("\\\\");
                    case '"' -> inner.append("\\\"");
                    case '\n' -> inner.append("\\n");
                    default -> inner.append(value.charAt(i));
                }
            }
            inner.append('"');
        }
    }

    /** Begins a family: the samples that follow belong to it. */
    public void begin(Family family) {
        name = family.name;
        append(family.header);
    }

    public void sample(Labels labels, long value) {
        append(name);
        append(labels.block);
        appendWhole(value);
        appendByte('\n');
    }

    /**
     * Writes a sample, rounded to {@code decimals} decimals, from 0 to 4.
     *
     * @param value infinity and NaN are written in Prometheus' form
     */
    public void sample(Labels labels, double value, int decimals) {
        long steps = STEPS[decimals];
        long scaled = Math.round(value * steps);
        append(name);
        append(labels.block);
        if (Double.isNaN(value) || scaled == Long.MAX_VALUE || scaled == Long.MIN_VALUE) {
            append(prometheus(value));
        } else {
            appendDecimal(scaled, steps);
        }
        appendByte('\n');
    }

    private static byte[] prometheus(double value) {
        String text = Double.isNaN(value)
                ? "NaN"
                : Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : Double.toString(value);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes a number without trailing zeros. */
    private void appendDecimal(long scaled, long steps) {
        if (scaled < 0) {
            appendByte('-');
        }
        appendWhole(Math.abs(scaled / steps));
        long rest = Math.abs(scaled % steps);
        if (rest == 0) {
            return;
        }
        appendByte('.');
        for (long step = steps / 10; rest > 0; step /= 10) {
            appendByte((byte) ('0' + rest / step));
            rest %= step;
        }
    }

    private void appendWhole(long value) {
        if (value < 0) {
            append(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        int digits = 1;
        for (long left = value / 10; left > 0; left /= 10) {
            digits++;
        }
        reserve(digits);
        long left = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += digits;
    }

    private void append(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void appendByte(int one) {
        reserve(1);
        bytes[length++] = (byte) one;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    public int length() {
        return length;
    }

    /** Returns what was written so far. */
    public byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
