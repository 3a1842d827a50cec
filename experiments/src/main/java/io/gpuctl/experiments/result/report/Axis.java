package io.gpuctl.experiments.result.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis: the positions of values between its ends, and its labels.
 *
 * @param ticks within the ends, ascending
 */
record Axis(Scale scale, double min, double max, List<Tick> ticks, String title) {

    enum Scale {
        LINEAR,
        LOGARITHMIC
    }

    record Tick(double value, String label) {}

    private static final int TICKS_WANTED = 6;

    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;

    private static final double[] TIME_STEPS_SECONDS = {
        1,
        5,
        10,
        30,
        MINUTE,
        5 * MINUTE,
        10 * MINUTE,
        30 * MINUTE,
        HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        5 * DAY,
        10 * DAY,
        20 * DAY,
        50 * DAY,
        100 * DAY,
        200 * DAY,
        500 * DAY,
        1_000 * DAY
    };

    /** Marks of a logarithmic time axis: round durations, each 4 to 10 times the one before. */
    private static final double[] TIME_MARKS_SECONDS = {
        1, 10, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 10 * DAY, 100 * DAY, 1_000 * DAY
    };

    Axis {
        ticks = List.copyOf(ticks);
        if (!(max > min)) {
            throw new IllegalArgumentException("An axis cannot range from " + min + " to " + max);
        }
    }

    /** Returns an axis from a round number at or below {@code low} to one at or above {@code high}. */
    static Axis numbers(double low, double high, String title) {
        double span = high > low ? high - low : Math.max(1, Math.abs(high));
        double step = niceStep(span / TICKS_WANTED);
        double min = Math.floor(low / step + 1e-9) * step;
        double max = Math.max(min + step, Math.ceil(high / step - 1e-9) * step);
        return exactly(min, max, step, title);
    }

    /** Returns an axis with these ends, and ticks at the multiples of {@code step}. */
    static Axis exactly(double min, double max, double step, String title) {
        List<Tick> ticks = new ArrayList<>();
        long last = (long) Math.floor(max / step + 1e-9);
        for (long i = (long) Math.ceil(min / step - 1e-9); i <= last; i++) {
            ticks.add(new Tick(i * step, HumanNumber.plain(i * step)));
        }
        return new Axis(Scale.LINEAR, min, max, ticks, title);
    }

    private static double niceStep(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /** Returns a linear axis of the time since the start of the run. */
    static Axis time(double endSeconds, String title) {
        double end = Math.max(1, endSeconds);
        double step = TIME_STEPS_SECONDS[TIME_STEPS_SECONDS.length - 1];
        for (int i = TIME_STEPS_SECONDS.length - 1; i >= 0 && end / step < TICKS_WANTED - 2; i--) {
            step = TIME_STEPS_SECONDS[i];
        }
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= end; i++) {
            ticks.add(new Tick(i * step, i == 0 ? "0" : HumanNumber.roundDuration(i * step)));
        }
        return new Axis(Scale.LINEAR, 0, end, ticks, title);
    }

    /** Returns a logarithmic axis of durations from one second on; shorter durations are drawn at the left end. */
    static Axis durations(double longestSeconds, String title) {
        double max = Math.max(10, longestSeconds);
        List<Tick> ticks = new ArrayList<>();
        for (double mark : TIME_MARKS_SECONDS) {
            if (mark <= max) {
                ticks.add(new Tick(mark, (mark == 1 ? "≤ " : "") + HumanNumber.roundDuration(mark)));
            }
        }
        return new Axis(Scale.LOGARITHMIC, 1, max, ticks, title);
    }

    /** Returns the position of a value: 0 at the lower end, 1 at the upper end. Values beyond an end lie on the end. */
    double position(double value) {
        double inside = Math.clamp(value, min, max);
        return switch (scale) {
            case LINEAR -> (inside - min) / (max - min);
            case LOGARITHMIC -> Math.log(inside / min) / Math.log(max / min);
        };
    }

    /** Returns the value at a position from 0 to 1. */
    double valueAt(double position) {
        return switch (scale) {
            case LINEAR -> min + position * (max - min);
            case LOGARITHMIC -> min * Math.pow(max / min, position);
        };
    }
}
