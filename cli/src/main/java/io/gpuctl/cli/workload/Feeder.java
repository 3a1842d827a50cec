package io.gpuctl.cli.workload;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.ApiClient;
import io.gpuctl.cli.client.ApiProblemException;
import io.gpuctl.cli.client.BatchOutcome;
import io.gpuctl.cli.client.Submission;
import io.gpuctl.cli.client.TaskBatch;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskId;
import io.gpuctl.experiments.trace.Arrival;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Submits a workload over REST, each task at its time; one request submits all tasks that are due. Retries a submission
 * after a temporary failure until the API accepts it. A task that is submitted twice is one task, so no task is lost or
 * duplicated.
 */
final class Feeder implements AutoCloseable {

    /** The maximum number of requests that wait for an answer: while one is answered, the next one is on its way. */
    private static final int IN_FLIGHT_MAX = 2;

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final ApiClient api;
    private final List<Arrival> arrivals;
    private final ClusterClock clock;
    private final long originMs;
    private final Predicate<TaskId> isKnown;
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicReference<Refusals> refusals = new AtomicReference<>(Refusals.NONE);
    private final long startNanos = System.nanoTime();
    private final Thread thread;
    private volatile Duration feedingTime = Duration.ZERO;
    private volatile boolean closed;

    private Feeder(URI server, List<Arrival> arrivals, ClusterClock clock, long originMs, Predicate<TaskId> isKnown) {
        this.api = new ApiClient(server);
        this.arrivals = arrivals;
        this.clock = clock;
        this.originMs = originMs;
        this.isKnown = isKnown;
        this.thread = Thread.ofVirtual().name("gpuctl-feeder").unstarted(this::feed);
    }

    /**
     * Starts to submit.
     *
     * @param originMs time 0 of the arrivals, ms of cluster time
     * @param isKnown returns whether the cluster already has a task
     */
    static Feeder start(
            URI server, List<Arrival> arrivals, ClusterClock clock, long originMs, Predicate<TaskId> isKnown) {
        var feeder = new Feeder(server, arrivals, clock, originMs, isKnown);
        feeder.thread.start();
        return feeder;
    }

    private void feed() {
        try {
            List<Arrival> unknown = arrivals.stream()
                    .filter(arrival -> !isKnown.test(arrival.task().taskId()))
                    .toList();
            for (int begin = 0, end; begin < unknown.size(); begin = end) {
                Thread.sleep(Math.max(0, waitMs(unknown.get(begin))));
                inFlight.acquire();
                var batch = new TaskBatch();
                for (end = begin; end < unknown.size() && batch.hasRoom() && waitMs(unknown.get(end)) <= 0; end++) {
                    batch.add(Submission.of(unknown.get(end).task()));
                }
                start(unknown.subList(begin, end), batch);
            }
        } catch (InterruptedException _) {
            // close() was called: the next start submits the remaining tasks.
        }
    }

    private long waitMs(Arrival arrival) {
        return clock.wallMs(originMs + arrival.atMs()) - System.currentTimeMillis();
    }

    private void start(List<Arrival> due, TaskBatch batch) {
        Thread.ofVirtual().name("gpuctl-submission").start(() -> {
            try {
                submit(due, batch);
            } catch (InterruptedException _) {
                // The process is stopping.
            } finally {
                inFlight.release();
            }
        });
    }

    private void submit(List<Arrival> due, TaskBatch batch) throws InterruptedException {
        List<Arrival> remaining = due;
        TaskBatch next = batch;
        while (!closed) {
            remaining = stillToSubmit(remaining, next);
            if (remaining.isEmpty()) {
                return;
            }
            Thread.sleep(RETRY_PAUSE);
            next = new TaskBatch();
            for (Arrival arrival : remaining) {
                next.add(Submission.of(arrival.task()));
            }
        }
    }

    /** Sends the batch, and returns the arrivals that must be sent again. */
    private List<Arrival> stillToSubmit(List<Arrival> due, TaskBatch batch) {
        try {
            List<Arrival> again = new ArrayList<>();
            for (BatchOutcome outcome : api.submit(batch)) {
                Arrival arrival = due.get(outcome.line() - 1);
                if (outcome.mayPassLater()) {
                    again.add(arrival);
                } else {
                    count(arrival.task().taskId(), outcome.problem());
                }
            }
            return again;
        } catch (ApiProblemException e) {
            if (e.mayPassLater()) {
                return due;
            }
            due.forEach(arrival -> count(arrival.task().taskId(), Optional.of(e)));
            return List.of();
        } catch (CommandFailedException _) {
            // The API cannot be reached. Retry: if the failure is permanent, the process that runs the feeder
            // notices it too.
            return due;
        }
    }

    private void count(TaskId taskId, Optional<ApiProblemException> problem) {
        if (problem.isPresent()) {
            refusals.updateAndGet(before -> plus(before, taskId, problem.get()));
        } else {
            accepted.incrementAndGet();
            feedingTime = Duration.ofNanos(System.nanoTime() - startNanos);
        }
    }

    private static Refusals plus(Refusals before, TaskId taskId, ApiProblemException problem) {
        return problem.reason().isEmpty()
                ? before.plusOther(taskId + ": " + problem.getMessage())
                : before.plusRejection(problem.reason());
    }

    /** Returns the number of submissions that the API has accepted since the start. */
    int accepted() {
        return accepted.get();
    }

    /** Returns the time from the start to the last accepted submission. */
    Duration feedingTime() {
        return feedingTime;
    }

    /** Returns the submissions that the API refused permanently. */
    Refusals refusals() {
        return refusals.get();
    }

    /** Stops submitting. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        api.close();
    }
}
