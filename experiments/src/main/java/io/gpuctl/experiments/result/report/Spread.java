package io.gpuctl.experiments.result.report;

/** Moves labels apart that would cover one another. */
final class Spread {

    private Spread() {}

    /**
     * Positions at least {@code distance} apart, each as near to the wanted one as a push down and a push back up make
     * it, and within the ends where there is room.
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
