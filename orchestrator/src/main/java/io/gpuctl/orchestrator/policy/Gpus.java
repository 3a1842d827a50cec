package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import java.util.ArrayList;
import java.util.List;

/** The ways to choose GPUs within a node that has enough of them. */
final class Gpus {
    private Gpus() {}

    /** Those with the lowest indexes. */
    static List<Integer> first(Node node, GpuRequest request) {
        List<Integer> gpus = new ArrayList<>(request.count());
        for (int gpu = 0; gpu < node.gpuCount() && gpus.size() < request.count(); gpu++) {
            if (Fit.fits(node, gpu, request)) {
                gpus.add(gpu);
            }
        }
        return gpus;
    }

    /** Index of the first that has room; -1 if none has. */
    static int firstFitting(Node node, GpuRequest request) {
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, request)) {
                return gpu;
            }
        }
        return -1;
    }

    /** For a share the GPU with the least left, ties by the index; whole GPUs are all alike. */
    static List<Integer> tightest(Node node, GpuRequest request) {
        if (request.count() != 1) {
            return first(node, request);
        }
        int tightest = -1;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, request) && (tightest < 0 || node.freeMilli(gpu) < node.freeMilli(tightest))) {
                tightest = gpu;
            }
        }
        return List.of(tightest);
    }

    /** What all GPUs of the node together have left, in thousandths of a GPU. */
    static long leftMilli(Node node) {
        long left = 0;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            left += node.freeMilli(gpu);
        }
        return left;
    }
}
