package io.gpuctl.cli.workload;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.client.ApiClient;
import io.gpuctl.cli.client.ApiProblemException;
import io.gpuctl.cli.client.Submission;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskId;
import io.gpuctl.experiments.trace.Arrival;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Submits a workload over REST, each task at its time. Retries a submission after a temporary failure until the API
 * accepts it. A task that is submitted twice is one task, so no task is lost or duplicated.
 */
final class Feeder implements AutoCloseable {

    /** The maximum number of submissions that wait for an answer. More would only wait in the server. */
    private static final int IN_FLIGHT_MAX = 64;

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
            for (Arrival arrival : arrivals) {
                if (!isKnown.test(arrival.task().taskId())) {
                    awaitTime(arrival);
                    inFlight.acquire();
                    Thread.ofVirtual().name("gpuctl-submission").start(() -> submitAndRelease(arrival));
                }
            }
        } catch (InterruptedException _) {
            // close() was called: the next start submits the remaining tasks.
        }
    }

    private void awaitTime(Arrival arrival) throws InterruptedException {
        long waitMs = clock.wallMs(originMs + arrival.atMs()) - System.currentTimeMillis();
        if (waitMs > 0) {
            Thread.sleep(waitMs);
        }
    }

    private void submitAndRelease(Arrival arrival) {
        try {
            submit(arrival);
        } catch (InterruptedException _) {
            // The process is stopping.
        } finally {
            inFlight.release();
        }
    }

    private void submit(Arrival arrival) throws InterruptedException {
        while (!closed) {
            try {
                api.post(new ApiClient.Query("/tasks", Map.of()), Submission.of(arrival.task()), Map.of());
                accepted.incrementAndGet();
                feedingTime = Duration.ofNanos(System.nanoTime() - startNanos);
                return;
            } catch (ApiProblemException e) {
                if (!mayPass(e.status())) {
                    refusals.updateAndGet(before -> plus(before, arrival.task().taskId(), e));
                    return;
                }
            } catch (CommandFailedException _) {
                // The API cannot be reached. Retry: if the failure is permanent, the process that runs the feeder
                // notices it too.
            }
            Thread.sleep(RETRY_PAUSE);
        }
    }

    private static Refusals plus(Refusals before, TaskId taskId, ApiProblemException problem) {
        return problem.reason().isEmpty()
                ? before.plusOther(taskId + ": " + problem.getMessage())
                : before.plusRejection(problem.reason());
    }

    private static boolean mayPass(int status) {
        return status == 429 || status >= 500;
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
