package io.gpuctl.orchestrator.policy;

/** The largest node of the openb trace: published scores express amounts as shares of it. */
final class LargeNode {
    static final double CPU_MILLI = 128_000;
    static final double GPU_MILLI = 8_000;

    private LargeNode() {}
}
