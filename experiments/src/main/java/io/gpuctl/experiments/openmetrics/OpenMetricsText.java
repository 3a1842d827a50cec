package io.gpuctl.experiments.openmetrics;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes samples as OpenMetrics 1.0 text. The samples of a family must follow one another. */
final class OpenMetricsText {
    private static final double WHOLE_MAX = 1e15;
    private static final int MS_PER_SECOND = 1_000;

    private final Appendable out;
    private final long shiftMs;
    private @Nullable Family open;
    private long samples;

    /** Adds {@code shiftMs} to each time. */
    OpenMetricsText(Appendable out, long shiftMs) {
        this.out = out;
        this.shiftMs = shiftMs;
    }

    void sample(Series series, long atMs, double value) throws IOException {
        if (!series.family.equals(open)) {
            open = series.family;
            declare(series.family);
        }
        out.append(series.text())
                .append(' ')
                .append(number(value))
                .append(' ')
                .append(seconds(atMs + shiftMs))
                .append('\n');
        samples++;
    }

    private void declare(Family family) throws IOException {
        out.append("# TYPE ")
                .append(family.name())
                .append(' ')
                .append(family.type().text())
                .append('\n');
        if (!family.unit().isEmpty()) {
            out.append("# UNIT ")
                    .append(family.name())
                    .append(' ')
                    .append(family.unit())
                    .append('\n');
        }
        out.append("# HELP ")
                .append(family.name())
                .append(' ')
                .append(Labels.escaped(family.help()))
                .append('\n');
    }

    /** Ends the text. Returns how many samples were written. */
    long end() throws IOException {
        out.append("# EOF\n");
        return samples;
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < WHOLE_MAX
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String seconds(long ms) {
        long rest = Math.floorMod(ms, MS_PER_SECOND);
        long whole = Math.floorDiv(ms, MS_PER_SECOND);
        return rest == 0 ? Long.toString(whole) : String.format(Locale.ROOT, "%d.%03d", whole, rest);
    }
}
