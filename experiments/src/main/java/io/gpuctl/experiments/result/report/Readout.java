package io.gpuctl.experiments.result.report;

import java.util.List;

/**
 * The readout that a plot shows at the pointer: a vertical guide at {@code x}, and the value of each line at the guide.
 *
 * @param heading text for {@code x}, such as {@code 95 % arrived}
 * @param values in the order in which they are listed
 */
record Readout(double x, String heading, List<Value> values) {

    record Value(String name, int style, double y, String text) {}

    Readout {
        values = List.copyOf(values);
    }
}
