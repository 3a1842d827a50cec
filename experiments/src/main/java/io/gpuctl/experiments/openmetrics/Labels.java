package io.gpuctl.experiments.openmetrics;

import java.util.Map;
import java.util.SequencedMap;

/** Writes labels in the form of OpenMetrics text, without the braces. */
final class Labels {
    private Labels() {}

    /** Returns the labels in their order. */
    static String text(SequencedMap<String, String> labels) {
        var text = new StringBuilder();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(label.getKey())
                    .append("=\"")
                    .append(escaped(label.getValue()))
                    .append('"');
        }
        return text.toString();
    }

    /** Escapes the value of a label, or a help text. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
