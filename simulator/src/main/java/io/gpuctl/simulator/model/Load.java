package io.gpuctl.simulator.model;

/**
 * What is asked of a GPU.
 *
 * @param compute of its multiprocessors, 0 to 1: its utilisation
 * @param power how much of its dynamic power that takes at boost clock, 0 to 1: less than its utilisation for work that loads
 *     the multiprocessors lightly
 */
record Load(double compute, double power) {
    static final Load NONE = new Load(0, 0);

    static final Load FULL = new Load(1, 1);
}
