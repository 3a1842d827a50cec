package io.gpuctl.simulator.model;

/**
 * What is asked of a GPU.
 *
 * @param compute of its multiprocessors, 0 to 1: its utilisation
 * @param memory of its memory, 0 to 1, relative to what a full steady load asks of it
 */
record Load(double compute, double memory) {
    static final Load NONE = new Load(0, 0);

    static final Load FULL = new Load(1, 1);
}
