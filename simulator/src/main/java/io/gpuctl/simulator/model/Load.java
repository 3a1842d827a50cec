package io.gpuctl.simulator.model;

/**
 * The load on a GPU.
 *
 * @param compute utilization of its multiprocessors, 0 to 1
 * @param power share of its dynamic power at boost clock, 0 to 1: less than the utilization for work that loads the
 *     multiprocessors lightly
 */
record Load(double compute, double power) {
    static final Load NONE = new Load(0, 0);

    static final Load FULL = new Load(1, 1);
}
