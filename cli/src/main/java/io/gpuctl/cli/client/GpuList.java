package io.gpuctl.cli.client;

import java.util.ArrayList;
import java.util.List;

/** Indices of GPUs as people read them: {@code 0,2,4-7}. */
final class GpuList {

    /** Two in a row are as short without a range. */
    private static final int RANGE_MIN = 3;

    private GpuList() {}

    /** In the order given; runs of at least three as a range. */
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
