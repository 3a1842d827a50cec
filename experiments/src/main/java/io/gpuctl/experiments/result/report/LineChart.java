package io.gpuctl.experiments.result.report;

import static io.gpuctl.experiments.result.report.Frame.coordinate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Curves with bands over an axis, as an SVG. The {@link Readout} nearest to the pointer appears, without a script.
 *
 * @param description text for screen readers
 * @param labelled whether each line's name stands at its right end
 */
record LineChart(String description, Axis x, Axis y, List<Line> lines, List<Readout> readouts, boolean labelled) {

    private static final double WIDTH = 640;
    private static final double HEIGHT = 380;
    private static final double LEFT = 46;
    private static final double RIGHT = 16;
    private static final double TOP = 12;
    private static final double BOTTOM = 46;

    private static final double LABEL_HEIGHT = 15;
    private static final double CHARACTER_WIDTH = 7.2;
    private static final double LONGEST_LABEL = 150;

    LineChart {
        lines = List.copyOf(lines);
        readouts = List.copyOf(readouts);
    }

    String svg() {
        Frame frame = new Frame(WIDTH, HEIGHT, LEFT, labelled ? labelsWidth() : RIGHT, TOP, BOTTOM, x, y);
        StringBuilder svg =
                new StringBuilder("<svg class=\"plot\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(coordinate(WIDTH), coordinate(HEIGHT), Html.escape(description)));
        svg.append(frame.axes());
        lines.stream().filter(line -> !line.band().isEmpty()).forEach(line -> svg.append(band(frame, line)));
        lines.forEach(line -> svg.append(curve(frame, line)));
        if (labelled) {
            svg.append(labels(frame));
        }
        svg.append(new ReadoutLayer(frame, readouts).svg());
        return svg.append("</svg>\n").toString();
    }

    private double labelsWidth() {
        int longest =
                lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        return Math.min(LONGEST_LABEL, 18 + CHARACTER_WIDTH * longest);
    }

    private static String band(Frame frame, Line line) {
        StringBuilder path = new StringBuilder();
        for (Line.Interval interval : line.band()) {
            path.append(path.isEmpty() ? "M" : "L").append(frame.point(interval.x(), interval.high()));
        }
        for (Line.Interval interval : line.band().reversed()) {
            path.append("L").append(frame.point(interval.x(), interval.low()));
        }
        return "<path class=\"band s%d\" d=\"%sZ\"/>\n".formatted(line.style(), path);
    }

    private static String curve(Frame frame, Line line) {
        StringBuilder path = new StringBuilder();
        for (Line.Point point : line.points()) {
            path.append(path.isEmpty() ? "M" : "L").append(frame.point(point.x(), point.y()));
        }
        return "<path class=\"line s%d\" d=\"%s\"/>\n".formatted(line.style(), path);
    }

    /** Returns the labels, each as near to the height of its line's end as the other labels allow. */
    private String labels(Frame frame) {
        List<Line> fromTop = new ArrayList<>(lines);
        fromTop.sort(Comparator.comparingDouble(line -> frame.y(line.last().y())));
        double[] wanted =
                fromTop.stream().mapToDouble(line -> frame.y(line.last().y())).toArray();
        double[] heights = Spread.apart(wanted, LABEL_HEIGHT, TOP, frame.yEnd());
        StringBuilder svg = new StringBuilder();
        for (int i = 0; i < heights.length; i++) {
            Line line = fromTop.get(i);
            double end = frame.x(line.last().x());
            svg.append("<path class=\"leader s%d\" d=\"M%s %sL%s %s\"/>"
                    .formatted(
                            line.style(),
                            coordinate(end + 2),
                            coordinate(wanted[i]),
                            coordinate(frame.xEnd() + 12),
                            coordinate(heights[i])));
            svg.append(Frame.text("label s" + line.style(), frame.xEnd() + 15, heights[i] + 4, line.name()));
        }
        return svg.append('\n').toString();
    }
}
