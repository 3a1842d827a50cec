package io.gpuctl.simulator.model;

/** What the records that describe a GPU share. */
final class Rules {
    private Rules() {}

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("A GPU's " + rule);
        }
    }
}
