package io.gpuctl.orchestrator.policy;

/** The largest node of the openb trace: what published scores take amounts as shares of. */
final class LargeNode {
    static final double CPU_MILLI = 128_000;
    static final double GPU_MILLI = 8_000;

    private LargeNode() {}
}
