package io.gpuctl.experiments.published;

import io.gpuctl.orchestrator.core.PreemptiveOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans for SRTF and SRSF. At each event, empties the cluster and places the jobs in their order, and skips jobs that
 * do not fit. Sorts the same list each time, so equal jobs keep their previous order.
 */
final class ShortestFirst implements MuriPolicy {
    private final PreemptiveOrder order;
    private final MuriCluster cluster;
    private final List<MuriJobState> jobs = new ArrayList<>();

    ShortestFirst(PreemptiveOrder order, MuriCluster cluster) {
        this.order = order;
        this.cluster = cluster;
    }

    @Override
    public void add(MuriJobState job) {
        jobs.add(job);
    }

    @Override
    public void remove(MuriJobState job) {
        jobs.remove(job);
    }

    @Override
    public List<MuriJobState> jobs() {
        return jobs;
    }

    @Override
    public void schedule(double seconds) {
        jobs.sort((one, other) -> order.compare(one.asJob(), other.asJob()));
        cluster.empty();
        for (MuriJobState job : jobs) {
            job.run(cluster.take(job.work.gpus()), seconds);
        }
    }

    @Override
    public double nextChangeSeconds(double seconds) {
        return NEVER;
    }
}
