package io.gpuctl.experiments.result.report;

import java.util.List;

/**
 * A curve of a plot.
 *
 * @param style number of the line style in the page, which is a colour and a dash pattern
 * @param points in ascending x
 * @param band band around the curve; empty for none
 */
record Line(String name, int style, List<Point> points, List<Interval> band) {

    record Point(double x, double y) {}

    record Interval(double x, double low, double high) {}

    Line {
        points = List.copyOf(points);
        band = List.copyOf(band);
    }

    Point last() {
        return points.getLast();
    }
}
