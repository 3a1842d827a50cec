package io.gpuctl.experiments.result.report;

import java.util.Locale;

/**
 * The area of a plot within its SVG, in SVG units. Converts values to coordinates.
 *
 * @param width of the whole picture
 * @param height of the whole picture
 * @param left margin, where the labels of the y axis are
 * @param right margin
 * @param top margin
 * @param bottom margin, where the labels of the x axis are
 */
record Frame(double width, double height, double left, double right, double top, double bottom, Axis x, Axis y) {

    double x(double value) {
        return left + x.position(value) * (width - left - right);
    }

    double y(double value) {
        return height - bottom - y.position(value) * (height - top - bottom);
    }

    double xEnd() {
        return width - right;
    }

    double yEnd() {
        return height - bottom;
    }

    /** Formats a coordinate with one decimal, which is finer than a pixel. */
    static String coordinate(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    String point(double xValue, double yValue) {
        return coordinate(x(xValue)) + " " + coordinate(y(yValue));
    }

    /** Returns the grid, the labels and the titles of both axes. */
    String axes() {
        StringBuilder svg = new StringBuilder();
        for (Axis.Tick tick : y.ticks()) {
            String at = coordinate(y(tick.value()));
            svg.append("<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
                    .formatted(coordinate(left), coordinate(xEnd()), at, at));
            svg.append(text("tick end", left - 8, y(tick.value()) + 4, tick.label()));
        }
        for (Axis.Tick tick : x.ticks()) {
            String at = coordinate(x(tick.value()));
            svg.append("<line class=\"mark\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
                    .formatted(at, at, coordinate(yEnd()), coordinate(yEnd() + 5)));
            svg.append(text("tick middle", x(tick.value()), yEnd() + 19, tick.label()));
        }
        svg.append("<line class=\"base\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
                .formatted(coordinate(left), coordinate(xEnd()), coordinate(yEnd()), coordinate(yEnd())));
        if (!x.title().isEmpty()) {
            svg.append(text("axis middle", (left + xEnd()) / 2, height - 4, x.title()));
        }
        return svg.append('\n').toString();
    }

    static String text(String cssClass, double x, double y, String text) {
        return "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
                .formatted(cssClass, coordinate(x), coordinate(y), Html.escape(text));
    }
}
