package io.gpuctl.experiments.published;

import io.gpuctl.orchestrator.policy.Srsf;
import io.gpuctl.orchestrator.policy.Srtf;
import io.gpuctl.orchestrator.policy.Tiresias;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The experiment on job completion times of Zhao et al., "Multi-Resource Interleaving for Deep Learning Training",
 * SIGCOMM 2022: jobs of known length arrive at a cluster, and each arrival and end leads to a new decision about which
 * jobs run.
 *
 * <p>As in the publication, each running job loses an overhead at every event, even if it is not moved, and a job ends
 * when it was last expected to end, whatever work remains.
 */
public final class MuriRun {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    private final List<MuriWork> arrivals;
    private final MuriPolicy policy;
    private final List<MuriOutcome> outcomes = new ArrayList<>();
    private int arrived;

    /** The order in which jobs run. */
    public enum Order {
        SRTF,
        SRSF,
        TIRESIAS
    }

    /** A cluster of equal nodes. That of the publication has 8 nodes with 8 GPUs each. */
    public record Cluster(int nodes, int gpusPerNode) {
        public static final Cluster PUBLISHED = new Cluster(8, 8);
    }

    private MuriRun(List<MuriWork> jobs, MuriPolicy policy) {
        arrivals = jobs.stream()
                .sorted(Comparator.comparingDouble(MuriWork::submitSeconds))
                .toList();
        this.policy = policy;
    }

    /**
     * Runs all jobs to their ends.
     *
     * @return the outcomes in the order in which the jobs ended
     * @throws IllegalArgumentException if a job asks for more GPUs than the cluster has
     */
    public static List<MuriOutcome> run(List<MuriWork> jobs, Order order, Cluster cluster) {
        int gpusTotal = cluster.nodes() * cluster.gpusPerNode();
        for (MuriWork job : jobs) {
            if (job.gpus() > gpusTotal) {
                throw new IllegalArgumentException(
                        "Job %d asks for %d GPUs, but the cluster has %d".formatted(job.id(), job.gpus(), gpusTotal));
            }
        }
        MuriRun run = new MuriRun(jobs, policy(order, cluster));
        run.loop();
        return List.copyOf(run.outcomes);
    }

    private static MuriPolicy policy(Order order, Cluster cluster) {
        MuriCluster nodes = new MuriCluster(cluster.nodes(), cluster.gpusPerNode());
        return switch (order) {
            case SRTF -> new ShortestFirst(new Srtf(), nodes);
            case SRSF -> new ShortestFirst(new Srsf(), nodes);
            case TIRESIAS -> new TiresiasQueues(new Tiresias(), cluster.nodes() * cluster.gpusPerNode());
        };
    }

    private void loop() {
        double changeSeconds = NEVER;
        while (arrived < arrivals.size() || !policy.jobs().isEmpty()) {
            double submitSeconds =
                    arrived < arrivals.size() ? arrivals.get(arrived).submitSeconds() : NEVER;
            double endSeconds = policy.jobs().stream()
                    .mapToDouble(MuriJobState::endSeconds)
                    .min()
                    .orElse(NEVER);
            double seconds = Math.min(submitSeconds, endSeconds);
            if (changeSeconds < seconds) {
                seconds = changeSeconds;
            } else {
                end(seconds);
                arrive(seconds);
            }
            for (MuriJobState job : policy.jobs()) {
                job.advanceTo(seconds);
            }
            policy.schedule(seconds);
            changeSeconds = policy.nextChangeSeconds(seconds);
        }
    }

    private void end(double seconds) {
        for (MuriJobState job : List.copyOf(policy.jobs())) {
            if (job.endSeconds() == seconds) {
                policy.remove(job);
                outcomes.add(job.ended(seconds));
            }
        }
    }

    private void arrive(double seconds) {
        while (arrived < arrivals.size() && arrivals.get(arrived).submitSeconds() == seconds) {
            policy.add(new MuriJobState(arrivals.get(arrived++)));
        }
    }
}
