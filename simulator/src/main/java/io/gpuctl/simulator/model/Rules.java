package io.gpuctl.simulator.model;

/** Checks that the records about a GPU share. */
final class Rules {
    private Rules() {}

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("A GPU's " + rule);
        }
    }
}
