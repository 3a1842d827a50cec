package io.gpuctl.experiments.result;

/**
 * A quantity over virtual time that keeps its value until it is set anew. It is stored as means in a bounded number of
 * equal bins. When the time outgrows the bins, pairs of bins are merged, which preserves the integral. Times must not
 * decrease. Not thread-safe.
 */
public final class StepSeries {

    static final int BINS = 512;

    /** The width of a bin at the start. */
    private static final double INITIAL_WIDTH_SECONDS = 1;

    /** Value times seconds, per bin. */
    private final double[] integrals = new double[BINS];

    private final double startSeconds;
    private double widthSeconds = INITIAL_WIDTH_SECONDS;
    private double nowSeconds;
    private double value;

    /** Creates a series whose value is 0 until it is set. */
    public StepSeries(double startSeconds) {
        this.startSeconds = startSeconds;
        nowSeconds = startSeconds;
    }

    /** Sets the value from {@code atSeconds} on. */
    public void set(double atSeconds, double newValue) {
        advanceTo(atSeconds);
        value = newValue;
    }

    /** Keeps the value until {@code atSeconds}, such as at the end of a run. */
    public void advanceTo(double atSeconds) {
        if (!(atSeconds >= nowSeconds)) {
            throw new IllegalArgumentException(
                    "Time %s s is before the current time, %s s".formatted(atSeconds, nowSeconds));
        }
        while (atSeconds - startSeconds > BINS * widthSeconds) {
            halve();
        }
        int last = binOf(atSeconds);
        for (int bin = binOf(nowSeconds); bin <= last; bin++) {
            double binStartSeconds = startSeconds + bin * widthSeconds;
            double fromSeconds = Math.max(nowSeconds, binStartSeconds);
            double toSeconds = Math.min(atSeconds, binStartSeconds + widthSeconds);
            integrals[bin] += value * Math.max(0, toSeconds - fromSeconds);
        }
        nowSeconds = atSeconds;
    }

    private int binOf(double atSeconds) {
        return Math.min(BINS - 1, (int) ((atSeconds - startSeconds) / widthSeconds));
    }

    private void halve() {
        for (int bin = 0; bin < BINS; bin++) {
            integrals[bin] = bin < BINS / 2 ? integrals[2 * bin] + integrals[2 * bin + 1] : 0;
        }
        widthSeconds *= 2;
    }

    /** Returns value times seconds, from the start until now: joules for watts. */
    public double integral() {
        double sum = 0;
        for (double integral : integrals) {
            sum += integral;
        }
        return sum;
    }

    /** Returns the mean over the time until now; 0 if no time has passed. */
    public double mean() {
        return nowSeconds > startSeconds ? integral() / (nowSeconds - startSeconds) : 0;
    }

    /** Returns the number of bins that have begun. */
    int count() {
        return (int) Math.ceil((nowSeconds - startSeconds) / widthSeconds);
    }

    double startOfBin(int bin) {
        return startSeconds + bin * widthSeconds;
    }

    double meanOfBin(int bin) {
        return integrals[bin] / Math.min(widthSeconds, nowSeconds - startOfBin(bin));
    }
}
