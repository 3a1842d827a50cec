package io.gpuctl.experiments.run;

import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.openmetrics.PastRecorder;
import io.gpuctl.experiments.result.ExperimentDescription;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.files.ResultFiles;
import io.gpuctl.experiments.result.files.RunStore;
import io.gpuctl.experiments.result.summary.RunGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes the runs of an experiment, one per thread at a time, and writes the result files. Saves each finished run at
 * once, and does not repeat the run when the same experiment is run into the same directory again.
 *
 * <p>A thread of its own saves runs, so that the next run or the result files need not wait. If the thread is busy, the
 * thread that has executed the run saves it.
 */
public final class ExperimentRunner {
    private static final long EVENTS_TOLD_AT_ONCE = 4_096;

    /**
     * How many outcomes of tasks stay in memory until the result files are written, about 60 MB. The results of other
     * runs are read back.
     */
    private static final int OUTCOMES_KEPT_MAX = 200_000;

    private final Plan plan;
    private final RunStore store;
    private final @Nullable RunPasts pasts;
    private final Path directory;
    private final int threads;
    private final RunListener listener;
    private final BooleanSupplier shallStop;
    private final Map<RunKey, RunResult> kept = new LinkedHashMap<>();
    private int outcomesKept;
    private long events;
    private int finished;
    private final List<Future<?>> saves = new ArrayList<>();
    /** Whether a run could not be saved; then the other runs are abandoned. */
    private volatile boolean hasFailedToSave;

    /**
     * A summary of the execution.
     *
     * @param planned number of runs of the experiment
     * @param before number of runs that were finished before
     * @param now number of runs that were finished now
     * @param events of the runs that were finished now
     * @param took wall-clock time
     */
    public record Summary(int planned, int before, int now, long events, Duration took) {
        public boolean isComplete() {
            return before + now == planned;
        }

        public double eventsPerSecond() {
            return events / Math.max(1e-9, took.toNanos() / 1e9);
        }
    }

    /**
     * The summary and the results.
     *
     * @param groups groups of runs that differ only by their seed; empty unless all runs are finished
     */
    public record Results(Summary summary, List<RunGroup> groups) {
        public Results {
            groups = List.copyOf(groups);
        }
    }

    /**
     * Creates a runner for a directory. Only one runner at a time may use the directory.
     *
     * @param shallStop polled by all threads; once it returns true, unfinished runs are abandoned
     * @throws IOException if the directory cannot be written to
     */
    public ExperimentRunner(Plan plan, Path directory, int threads, RunListener listener, BooleanSupplier shallStop)
            throws IOException {
        this(plan, directory, threads, listener, shallStop, null);
    }

    /**
     * Creates a runner for a directory. Only one runner at a time may use the directory.
     *
     * @param pastOptions how the runs' pasts are written; null to write none
     */
    public ExperimentRunner(
            Plan plan,
            Path directory,
            int threads,
            RunListener listener,
            BooleanSupplier shallStop,
            RunPasts.@Nullable Options pastOptions)
            throws IOException {
        this.plan = plan;
        this.directory = directory;
        this.threads = threads;
        this.listener = listener;
        this.shallStop = shallStop;
        store = RunStore.open(directory, plan.fingerprint());
        pasts = pastOptions == null ? null : RunPasts.open(directory, pastOptions, store, plan.runs());
    }

    /** Returns the runs that are not finished yet. */
    public List<RunKey> missing() {
        return plan.runs().stream().filter(key -> !isFinished(key)).toList();
    }

    private boolean isFinished(RunKey key) {
        return store.contains(key) && (pasts == null || pasts.contains(key));
    }

    /** Returns the pasts of the runs; null if none are written. */
    public @Nullable RunPasts pasts() {
        return pasts;
    }

    /**
     * Executes the missing runs, then writes the result files. Writes no result files if it is stopped before.
     *
     * @throws RunFailedException if a run fails; the other runs are then abandoned too
     * @throws IOException if a file cannot be written
     */
    public Results run() throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        List<RunKey> missing = missing();
        int before = plan.runs().size() - missing.size();
        List<RunGroup> groups;
        try (ExecutorService saver = saver()) {
            execute(missing, saver);
            boolean isComplete = summary(before, Duration.ZERO).isComplete() && !hasFailedToSave;
            groups = isComplete ? ResultFiles.write(directory, description(), this::result, plan.runs()) : List.of();
        }
        awaitAll(saves);
        return new Results(summary(before, Duration.ofNanos(System.nanoTime() - startNanos)), groups);
    }

    /** Returns one thread without a queue: whoever submits to a busy thread runs the action itself. */
    private static ExecutorService saver() {
        return new ThreadPoolExecutor(
                0,
                1,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("save-", 0).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    private void execute(List<RunKey> missing, ExecutorService saver) throws InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("run-", 0).factory())) {
            List<Future<?>> futures = new ArrayList<>(missing.size());
            missing.forEach(key -> futures.add(pool.submit(() -> runUnlessStopped(key, saver))));
            try {
                awaitAll(futures);
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static void awaitAll(List<Future<?>> futures) throws InterruptedException {
        for (Future<?> future : futures) {
            try {
                future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RunFailedException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Returns whether to stop. The threads are interrupted when another run has failed. */
    private boolean isStopped() {
        return shallStop.getAsBoolean()
                || hasFailedToSave
                || Thread.currentThread().isInterrupted();
    }

    private void runUnlessStopped(RunKey key, ExecutorService saver) {
        if (isStopped()) {
            return;
        }
        long[] seen = {0};
        FactSink watching = fact -> {
            if (isStopped()) {
                throw new CancellationException();
            }
            if (++seen[0] % EVENTS_TOLD_AT_ONCE == 0) {
                advance(EVENTS_TOLD_AT_ONCE);
            }
        };
        try {
            FinishedRun run = run(key, watching);
            if (keep(run.result())) {
                saveLater(run.result(), saver);
            } else {
                store.save(run.result()); // The result files read the run back.
            }
            finish(key, run.events(), seen[0] / EVENTS_TOLD_AT_ONCE * EVENTS_TOLD_AT_ONCE);
        } catch (CancellationException _) {
            // The run starts from its beginning the next time.
        } catch (IOException | RuntimeException e) {
            throw new RunFailedException(key, e);
        }
    }

    private void saveLater(RunResult result, ExecutorService saver) {
        // Without the lock: this thread may save the run itself, and the others need not wait for that.
        Future<?> save = saver.submit(() -> {
            try {
                store.save(result);
            } catch (IOException | RuntimeException e) {
                hasFailedToSave = true;
                throw new RunFailedException(result.key(), e);
            }
        });
        synchronized (this) {
            saves.add(save);
        }
    }

    private FinishedRun run(RunKey key, FactSink watching) throws IOException {
        if (pasts == null) {
            return plan.run(key, watching);
        }
        try (PastRecorder past = pasts.begin(key)) {
            FinishedRun run = plan.run(key, FactSink.all(watching, past), past::accept);
            pasts.finish(past);
            return run;
        }
    }

    /** Keeps the result in memory if there is room, and returns whether there was. */
    private synchronized boolean keep(RunResult result) {
        int outcomes = result.tasks().size();
        if (outcomesKept + outcomes <= OUTCOMES_KEPT_MAX) {
            kept.put(result.key(), result);
            outcomesKept += outcomes;
            return true;
        }
        return false;
    }

    private synchronized Optional<RunResult> result(RunKey key) throws IOException {
        RunResult result = kept.get(key);
        return result != null ? Optional.of(result) : store.find(key);
    }

    private synchronized void advance(long more) {
        listener.advanced(more);
    }

    private synchronized void finish(RunKey key, long eventsOfRun, long told) {
        finished++;
        events += eventsOfRun;
        listener.advanced(eventsOfRun - told);
        listener.finished(key);
    }

    private synchronized Summary summary(int before, Duration took) {
        return new Summary(plan.runs().size(), before, finished, events, took);
    }

    private ExperimentDescription description() {
        var experiment = plan.experiment();
        return new ExperimentDescription(experiment.name(), experiment.description(), List.of());
    }
}
