package io.gpuctl.experiments.openmetrics;

import java.util.Map;
import java.util.SequencedMap;

/** Labels as they stand in OpenMetrics text, without the braces. */
final class Labels {
    private Labels() {}

    /** In this order. */
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

    /** As a label's value and a help text must be. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
