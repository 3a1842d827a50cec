package io.gpuctl.simulator.cluster;

import java.util.Locale;

/** A number format that GPUs compute with, from wide to narrow. */
public enum Precision {
    FP32("tflops", 4),
    TF32("tflops", 4),
    FP16("tflops", 2),
    BF16("tflops", 2),
    FP8("tflops", 1),
    INT8("tops", 1),
    FP4("tflops", 0.5);

    private final String unit;
    private final double bytes;

    Precision(String unit, double bytes) {
        this.unit = unit;
        this.bytes = bytes;
    }

    /** Returns the name of the peak's field in a file of GPU models. */
    String field() {
        return this + "_" + unit;
    }

    /** Returns the memory that one weight takes, bytes. */
    double bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
