package io.gpuctl.experiments.published;

import io.gpuctl.orchestrator.core.PreemptiveOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The plan of SRTF and SRSF: the cluster is emptied at each event, and the jobs placed in their order; those that do not
 * fit are skipped. One list is sorted again and again, so equal jobs keep the order that they had before.
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
