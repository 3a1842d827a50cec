package io.gpuctl.experiments.published;

import io.gpuctl.events.GangLayout;
import java.util.Arrays;

/** Equal nodes and their free GPUs while a plan is made. CPU and memory are not limited. */
final class MuriCluster implements GangLayout.Sites {
    private final int gpusPerNode;
    private final int[] free;

    MuriCluster(int nodes, int gpusPerNode) {
        this.gpusPerNode = gpusPerNode;
        free = new int[nodes];
    }

    void empty() {
        Arrays.fill(free, gpusPerNode);
    }

    /** Takes the GPUs for a job if the job fits. Returns whether it does. */
    boolean take(int gpus) {
        var parts = GangLayout.lay(gpus, free.length, this);
        parts.forEach(part -> free[part.site()] -= part.gpus());
        return !parts.isEmpty();
    }

    @Override
    public int size() {
        return free.length;
    }

    @Override
    public int gpus(int site) {
        return gpusPerNode;
    }

    @Override
    public boolean couldHold(int site, int gpus) {
        return gpusPerNode >= gpus;
    }

    @Override
    public boolean hasRoom(int site, int gpus) {
        return free[site] >= gpus;
    }
}
