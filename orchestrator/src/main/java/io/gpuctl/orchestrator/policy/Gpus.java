package io.gpuctl.orchestrator.policy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.orchestrator.core.Fit;
import io.gpuctl.orchestrator.core.Node;
import java.util.ArrayList;
import java.util.List;

/** Chooses GPUs within a node. */
final class Gpus {
    private Gpus() {}

    /** Returns the fitting GPUs with the lowest indexes. */
    static List<Integer> first(Node node, GpuRequest request) {
        List<Integer> gpus = new ArrayList<>(request.count());
        for (int gpu = 0; gpu < node.gpuCount() && gpus.size() < request.count(); gpu++) {
            if (Fit.fits(node, gpu, request)) {
                gpus.add(gpu);
            }
        }
        return gpus;
    }

    /** Returns the index of the first GPU with room; -1 if there is none. */
    static int firstFitting(Node node, GpuRequest request) {
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            if (Fit.fits(node, gpu, request)) {
                return gpu;
            }
        }
        return -1;
    }

    /**
     * Returns the fitting GPU with the least left if the task needs one GPU, and among equals the lowest index; for
     * several whole GPUs, the first that fit.
     */
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

    /** Returns the sum of what is left on all GPUs of the node, in thousandths of a GPU. */
    static long leftMilli(Node node) {
        long left = 0;
        for (int gpu = 0; gpu < node.gpuCount(); gpu++) {
            left += node.freeMilli(gpu);
        }
        return left;
    }
}
