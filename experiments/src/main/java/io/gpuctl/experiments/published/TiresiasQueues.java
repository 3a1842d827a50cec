package io.gpuctl.experiments.published;

import io.gpuctl.orchestrator.policy.Tiresias;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans for Tiresias. Jobs of an earlier queue run before those of a later one. Counts the free GPUs of the whole
 * cluster, and does not place jobs on nodes.
 */
final class TiresiasQueues implements MuriPolicy {
    private final Tiresias order;
    private final int gpusTotal;
    private final List<List<MuriJobState>> queues = new ArrayList<>();
    /** Jobs in the order of arrival, in which they are also demoted at an event. */
    private final List<MuriJobState> jobs = new ArrayList<>();

    TiresiasQueues(Tiresias order, int gpusTotal) {
        this.order = order;
        this.gpusTotal = gpusTotal;
        for (int queue = 0; queue < order.queues(); queue++) {
            queues.add(new ArrayList<>());
        }
    }

    @Override
    public void add(MuriJobState job) {
        jobs.add(job);
        queues.getFirst().add(job);
    }

    @Override
    public void remove(MuriJobState job) {
        jobs.remove(job);
        queues.forEach(queue -> queue.remove(job));
    }

    @Override
    public List<MuriJobState> jobs() {
        return jobs;
    }

    @Override
    public void schedule(double seconds) {
        jobs.stream().filter(MuriJobState::isRunning).forEach(this::demote);
        int free = gpusTotal;
        for (List<MuriJobState> queue : queues) {
            for (MuriJobState job : queue) {
                boolean fits = job.work.gpus() <= free;
                free -= fits ? job.work.gpus() : 0;
                job.run(fits, seconds);
            }
        }
        queues.forEach(TiresiasQueues::moveWaitingBack);
    }

    /** Demotes a job by at most one queue at an event, however much service it has had. */
    private void demote(MuriJobState job) {
        int queue = queueOf(job);
        if (order.isOver(queue, job.asJob())) {
            queues.get(queue).remove(job);
            queues.get(queue + 1).add(job);
        }
    }

    private int queueOf(MuriJobState job) {
        for (int queue = 0; queue < queues.size(); queue++) {
            if (queues.get(queue).contains(job)) {
                return queue;
            }
        }
        throw new IllegalStateException("Job %d is in no queue".formatted(job.work.id()));
    }

    private static void moveWaitingBack(List<MuriJobState> queue) {
        queue.sort((one, other) -> Boolean.compare(other.isRunning(), one.isRunning()));
    }

    @Override
    public double nextChangeSeconds(double seconds) {
        double next = NEVER;
        for (int queue = 0; queue < queues.size(); queue++) {
            for (MuriJobState job : queues.get(queue)) {
                if (job.isRunning()) {
                    double inAll = order.secondsInAll(queue, job.work.gpus());
                    next = Math.min(next, inAll - job.asJob().attainedSeconds() + seconds);
                }
            }
        }
        return next;
    }
}
