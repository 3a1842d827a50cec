package io.gpuctl.cli.output;

import java.util.Map;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The terminal colours of task states, of node states, and of the reasons that slow a GPU down: green works, yellow is
 * in progress or degraded, red is broken.
 */
final class StateColor {

    private static final Map<String, Style> STYLES = Map.ofEntries(
            Map.entry("running", Style.fg_green),
            Map.entry("healthy", Style.fg_green),
            Map.entry("up", Style.fg_green),
            Map.entry("queued", Style.fg_yellow),
            Map.entry("backing_off", Style.fg_yellow),
            Map.entry("placed", Style.fg_yellow),
            Map.entry("preempting", Style.fg_yellow),
            Map.entry("cancelling", Style.fg_yellow),
            Map.entry("suspect", Style.fg_yellow),
            Map.entry("draining", Style.fg_yellow),
            Map.entry("drained", Style.fg_yellow),
            Map.entry("cordoned", Style.fg_yellow),
            Map.entry("degraded", Style.fg_yellow),
            Map.entry("heat", Style.fg_red),
            Map.entry("power", Style.fg_yellow),
            Map.entry("out", Style.fg_red),
            Map.entry("failed", Style.fg_red),
            Map.entry("rejected", Style.fg_red),
            Map.entry("lost", Style.fg_red),
            Map.entry("down", Style.fg_red),
            Map.entry("completed", Style.faint),
            Map.entry("cancelled", Style.faint));

    private StateColor() {}

    /** Returns the text in the colour of the state; unchanged if the state is unknown. */
    static String paint(String state, String text) {
        Style style = STYLES.get(state);
        return style == null ? text : style.on() + text + style.off();
    }
}
