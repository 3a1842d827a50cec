package io.gpuctl.experiments.result.report;

import static io.gpuctl.experiments.result.report.Frame.coordinate;

import java.util.List;

/**
 * The part of a plot that reacts to the pointer: a strip for each readout. The page shows a readout while the pointer
 * is over its strip.
 */
record ReadoutLayer(Frame frame, List<Readout> readouts) {

    private static final double ROW_HEIGHT = 16;
    private static final double PADDING = 9;
    private static final double CHARACTER_WIDTH = 6.6;
    private static final double DISTANCE = 12;

    /** Space between a value and the longest name. */
    private static final double GAP = 16;

    /** Space for the dot before a name. */
    private static final double DOT_SPACE = 13;

    String svg() {
        StringBuilder svg = new StringBuilder("<g class=\"readouts\">\n");
        for (int i = 0; i < readouts.size(); i++) {
            svg.append(strip(i));
        }
        return svg.append("</g>\n").toString();
    }

    private String strip(int index) {
        Readout readout = readouts.get(index);
        double x = frame.x(readout.x());
        double from =
                index == 0 ? frame.left() : (frame.x(readouts.get(index - 1).x()) + x) / 2;
        double to = index == readouts.size() - 1
                ? frame.xEnd()
                : (frame.x(readouts.get(index + 1).x()) + x) / 2;
        StringBuilder svg = new StringBuilder(
                "<g class=\"readout\"><rect class=\"strip\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/><g>"
                        .formatted(
                                coordinate(from),
                                coordinate(frame.top()),
                                coordinate(Math.max(0.1, to - from)),
                                coordinate(frame.yEnd() - frame.top())));
        svg.append("<line class=\"guide\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
                .formatted(coordinate(x), coordinate(x), coordinate(frame.top()), coordinate(frame.yEnd())));
        for (Readout.Value value : readout.values()) {
            svg.append("<circle class=\"dot s%d\" cx=\"%s\" cy=\"%s\" r=\"3.5\"/>"
                    .formatted(value.style(), coordinate(x), coordinate(frame.y(value.y()))));
        }
        return svg.append(box(readout, x)).append("</g></g>\n").toString();
    }

    /** Returns the box with the values, on the side of the guide that has room. */
    private String box(Readout readout, double x) {
        double width = boxWidth(readout);
        double height = 2 * PADDING + ROW_HEIGHT * (readout.values().size() + 1) - 4;
        boolean isRight = x + DISTANCE + width < frame.width();
        double left = isRight ? x + DISTANCE : Math.max(0, x - DISTANCE - width);
        double top = frame.top() + 4;
        StringBuilder svg =
                new StringBuilder("<rect class=\"box\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"5\"/>"
                        .formatted(coordinate(left), coordinate(top), coordinate(width), coordinate(height)));
        double row = top + PADDING + 8;
        svg.append(Frame.text("heading", left + PADDING, row, readout.heading()));
        for (Readout.Value value : readout.values()) {
            row += ROW_HEIGHT;
            svg.append("<circle class=\"dot s%d\" cx=\"%s\" cy=\"%s\" r=\"4\"/>"
                    .formatted(value.style(), coordinate(left + PADDING + 4), coordinate(row - 4)));
            svg.append(Frame.text("name", left + PADDING + DOT_SPACE, row, value.name()));
            svg.append(Frame.text("value end", left + width - PADDING, row, value.text()));
        }
        return svg.toString();
    }

    private static double boxWidth(Readout readout) {
        int name = 0;
        int text = 0;
        for (Readout.Value value : readout.values()) {
            name = Math.max(name, value.name().length());
            text = Math.max(text, value.text().length());
        }
        double rows = DOT_SPACE + CHARACTER_WIDTH * (name + text) + GAP;
        return 2 * PADDING + Math.max(rows, CHARACTER_WIDTH * readout.heading().length());
    }
}
