package io.gpuctl.experiments.result.report;

import static io.gpuctl.experiments.result.report.Frame.coordinate;

import java.util.List;

/**
 * A small chart of one quantity over time, filled down to 0. Several such charts share the same axes.
 *
 * @param description text for screen readers
 * @param points in ascending x; each keeps its value until the next
 * @param endX where the last point's value ends
 */
record AreaChart(
        String description, Axis x, Axis y, int style, List<Line.Point> points, double endX, List<Readout> readouts) {

    private static final double WIDTH = 420;
    private static final double HEIGHT = 190;
    private static final double LEFT = 44;
    private static final double RIGHT = 14;
    private static final double TOP = 8;
    private static final double BOTTOM = 28;

    AreaChart {
        points = List.copyOf(points);
        readouts = List.copyOf(readouts);
    }

    String svg() {
        Frame frame = new Frame(WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, x, y);
        String outline = outline(frame);
        String base = coordinate(frame.yEnd());
        return "<svg class=\"plot\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(coordinate(WIDTH), coordinate(HEIGHT), Html.escape(description))
                + frame.axes()
                + "<path class=\"area s%d\" d=\"M%s %s%sL%s %sZ\"/>"
                        .formatted(
                                style,
                                coordinate(frame.x(points.getFirst().x())),
                                base,
                                outline.replaceFirst("M", "L"),
                                coordinate(frame.x(endX)),
                                base)
                + "<path class=\"edge s%d\" d=\"%s\"/>\n".formatted(style, outline)
                + new ReadoutLayer(frame, readouts).svg()
                + "</svg>\n";
    }

    private String outline(Frame frame) {
        StringBuilder path = new StringBuilder(
                "M" + frame.point(points.getFirst().x(), points.getFirst().y()));
        for (Line.Point point : points.subList(1, points.size())) {
            path.append("H").append(coordinate(frame.x(point.x())));
            path.append("V").append(coordinate(frame.y(point.y())));
        }
        return path.append("H").append(coordinate(frame.x(endX))).toString();
    }
}
