package io.gpuctl.cli.client;

import java.util.ArrayList;
import java.util.List;

/** Formats indices of GPUs in the usual short form: {@code 0,2,4-7}. */
final class GpuList {

    /** A range of two would be no shorter. */
    private static final int RANGE_MIN = 3;

    private GpuList() {}

    /** Returns the indices in the given order; runs of at least three become a range. */
    static String text(List<Integer> gpus) {
        List<String> parts = new ArrayList<>();
        for (int first = 0; first < gpus.size(); ) {
            int next = first + 1;
            while (next < gpus.size() && gpus.get(next) == gpus.get(next - 1) + 1) {
                next++;
            }
            if (next - first >= RANGE_MIN) {
                parts.add(gpus.get(first) + "-" + gpus.get(next - 1));
            } else {
                gpus.subList(first, next).forEach(gpu -> parts.add(gpu.toString()));
            }
            first = next;
        }
        return String.join(",", parts);
    }
}
