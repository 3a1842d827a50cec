package io.gpuctl.experiments.result.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws series of numbers over the same time as one self-contained SVG, with a panel for each unit, one below the
 * other.
 */
public final class SeriesPicture {
    private static final double WIDTH = 720;
    private static final double HEADING = 26;
    private static final double PANEL = 190;
    private static final double LEFT = 46;
    private static final double RIGHT = 116;
    private static final double TOP = 24;
    private static final double BOTTOM = 24;
    private static final double LABEL_HEIGHT = 15;

    private SeriesPicture() {}

    /** A series. The first series of a panel is its subject; the others are limits. */
    public record Curve(String name, List<Double> values) {
        public Curve {
            values = List.copyOf(values);
        }
    }

    /** Series of one unit. */
    public record Panel(String title, List<Curve> curves) {
        public Panel {
            curves = List.copyOf(curves);
        }
    }

    /**
     * Returns the picture.
     *
     * @param seconds times of the values of all series, ascending
     */
    public static String svg(String title, List<Double> seconds, List<Panel> panels) {
        double height = HEADING + PANEL * panels.size();
        StringBuilder svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" font-family=\"sans-serif\" font-size=\"12\">\n"
                        .formatted(Frame.coordinate(WIDTH), Frame.coordinate(height)));
        svg.append("<style>\n").append(HtmlReport.styleSheet()).append("</style>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" style=\"fill: var(--page)\"/>\n");
        svg.append(Frame.text("heading", LEFT, HEADING - 8, title)).append('\n');
        for (int i = 0; i < panels.size(); i++) {
            svg.append("<g transform=\"translate(0 %s)\">\n".formatted(Frame.coordinate(HEADING + i * PANEL)));
            svg.append(panel(seconds, panels.get(i))).append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private static String panel(List<Double> seconds, Panel panel) {
        double highest = 0;
        for (Curve curve : panel.curves()) {
            for (double value : curve.values()) {
                highest = Math.max(highest, value);
            }
        }
        Axis time = Axis.time(seconds.getLast(), "");
        Frame frame = new Frame(WIDTH, PANEL, LEFT, RIGHT, TOP, BOTTOM, time, Axis.numbers(0, highest, ""));
        StringBuilder svg = new StringBuilder(frame.axes());
        svg.append(Frame.text("name", LEFT, TOP - 8, panel.title())).append('\n');
        List<Curve> fromTop = new ArrayList<>(panel.curves());
        fromTop.sort((a, b) -> Double.compare(last(b), last(a)));
        double[] wanted =
                fromTop.stream().mapToDouble(curve -> frame.y(last(curve))).toArray();
        double[] heights = Spread.apart(wanted, LABEL_HEIGHT, TOP, frame.yEnd());
        for (int i = 0; i < heights.length; i++) {
            Curve curve = fromTop.get(i);
            int style = curve.equals(panel.curves().getFirst())
                    ? 0
                    : 2 + panel.curves().indexOf(curve);
            svg.append("<path class=\"line s%d\" d=\"%s\"/>\n".formatted(style, path(frame, seconds, curve)));
            svg.append(Frame.text("label s" + style, frame.xEnd() + 8, heights[i] + 4, curve.name()))
                    .append('\n');
        }
        return svg.toString();
    }

    private static double last(Curve curve) {
        return curve.values().getLast();
    }

    /** Returns the path of a curve. Where the value stays the same, only the ends of the stretch are drawn. */
    private static String path(Frame frame, List<Double> seconds, Curve curve) {
        StringBuilder path = new StringBuilder();
        List<Double> values = curve.values();
        for (int i = 0; i < values.size(); i++) {
            boolean within = i > 0 && i < values.size() - 1;
            if (within
                    && values.get(i).equals(values.get(i - 1))
                    && values.get(i).equals(values.get(i + 1))) {
                continue;
            }
            path.append(path.isEmpty() ? "M" : "L").append(frame.point(seconds.get(i), values.get(i)));
        }
        return path.toString();
    }
}
