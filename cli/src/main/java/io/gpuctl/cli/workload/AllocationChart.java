package io.gpuctl.cli.workload;

import io.gpuctl.events.units.Durations;
import java.util.ArrayList;
import java.util.List;

/**
 * GPU allocation over time, drawn with characters: one column for each value, each line a fifth of the scale. The scale
 * ends at the next round number above the highest value, so that a nearly idle cluster is seen too.
 */
final class AllocationChart {

    private static final int ROWS = 5;
    private static final List<Double> SCALE_ENDS = List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5);
    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

    private AllocationChart() {}

    /**
     * The lines of the chart.
     *
     * @param shares 0 to 1, oldest first
     * @param spanMs the time that they are spread over
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

    /** How full a cell is: less than 0 is empty, 1 and more is full. What is there at all is seen. */
    private static char block(double filled) {
        int eighths = (int) Math.round(Math.clamp(filled, 0, 1) * 8);
        return EIGHTHS.charAt(filled > 0.01 ? Math.max(1, eighths) : eighths);
    }
}
