package io.gpuctl.cli.workload;

import io.gpuctl.events.units.Durations;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws GPU allocation over time with characters: one column for each value, each line a fifth of the scale. The scale
 * ends at the next round number above the highest value, so that the load of a nearly idle cluster is visible too.
 */
final class AllocationChart {

    private static final int ROWS = 5;
    private static final List<Double> SCALE_ENDS = List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5);
    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

    private AllocationChart() {}

    /**
     * Returns the lines of the chart.
     *
     * @param shares 0 to 1, oldest first
     * @param spanMs the time span that the shares cover
     */
    static List<String> lines(List<Double> shares, long spanMs) {
        double highest = shares.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double scaleEnd =
                SCALE_ENDS.stream().filter(end -> end >= highest).findFirst().orElse(1.0);
        List<String> lines = new ArrayList<>();
        for (int row = ROWS - 1; row >= 0; row--) {
            StringBuilder line = new StringBuilder("%5.1f%% |".formatted((row + 1) * 100 * scaleEnd / ROWS));
            for (double share : shares) {
                line.append(block(share / scaleEnd * ROWS - row));
            }
            lines.add(line.toString().stripTrailing());
        }
        lines.add("  0.0% +" + "-".repeat(shares.size()));
        String end = Durations.human(spanMs / 1_000 * 1_000);
        lines.add("        0" + " ".repeat(Math.max(1, shares.size() - 1 - end.length())) + end);
        return lines;
    }

    /**
     * Returns the block for a cell: at 0 or less the cell is empty, at 1 or more it is full. Any value above 0 is
     * visible.
     */
    private static char block(double filled) {
        int eighths = (int) Math.round(Math.clamp(filled, 0, 1) * 8);
        return EIGHTHS.charAt(filled > 0.01 ? Math.max(1, eighths) : eighths);
    }
}
