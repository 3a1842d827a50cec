package io.gpuctl.experiments.result.report;

/** Moves overlapping labels apart. */
final class Spread {

    private Spread() {}

    /**
     * Returns positions at least {@code distance} apart, near the wanted ones. First pushes positions down, then pushes
     * those beyond {@code to} back up. Positions stay within the ends if there is room.
     *
     * @param wanted ascending
     */
    static double[] apart(double[] wanted, double distance, double from, double to) {
        double[] positions = wanted.clone();
        double free = from;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = Math.max(positions[i], free);
            free = positions[i] + distance;
        }
        double limit = to;
        for (int i = positions.length - 1; i >= 0 && positions[i] > limit; i--) {
            positions[i] = limit;
            limit -= distance;
        }
        return positions;
    }
}
