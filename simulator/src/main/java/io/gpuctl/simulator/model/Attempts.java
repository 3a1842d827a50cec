package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.AttemptMap;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Checkpointed;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Failed;
import io.gpuctl.events.TaskReport.Progressed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that run on a node: their effect on the GPUs, and their next events.
 *
 * <p>Whenever a clock may change, each affected attempt is credited with the work done so far, and its next event is
 * computed again.
 */
final class Attempts {
    private static final long MICROJOULES_PER_MILLIJOULE = 1_000;
    private static final Comparator<RunningAttempt> BY_ID = Comparator.comparing(RunningAttempt::id);

    private final TaskReport.Source source;
    private final List<Gpu> gpus;
    private final Inlet inlet;
    private final Capacity capacity;
    private final EnergyMeter meter;
    private final ProgressReports progressReports;
    private final LongConsumer loadChanged;
    private final AttemptMap<RunningAttempt> running = new AttemptMap<>();
    private final DueQueue<RunningAttempt> byNextEvent = new DueQueue<>(RunningAttempt.BY_NEXT_EVENT);
    private final DoneAttempts done = new DoneAttempts();
    private @Nullable Site site;
    private Runnable touch = () -> {};
    private long endedMicrojoules;

    /**
     * Starts with no attempts.
     *
     * @param meter gets the energy of each attempt when the attempt ends
     * @param loadChanged called with the time when the load of a GPU has changed
     */
    Attempts(
            TaskReport.Source source,
            List<Gpu> gpus,
            Inlet inlet,
            Capacity capacity,
            EnergyMeter meter,
            ProgressReports progressReports,
            LongConsumer loadChanged) {
        this.source = source;
        this.gpus = gpus;
        this.inlet = inlet;
        this.capacity = capacity;
        this.meter = meter;
        this.progressReports = progressReports;
        this.loadChanged = loadChanged;
    }

    /**
     * Makes the node part of a site, with which it shares gangs.
     *
     * @param whenTouched runs when another node has changed the next event of this node
     */
    void join(Site its, Runnable whenTouched, long atMs) {
        site = its;
        touch = whenTouched;
        for (var attempt : running.values()) { // Only on a node that was suspended.
            byNextEvent.remove(attempt);
            attempt.join(its.join(source.pool(), this, attempt));
            plan(attempt, atMs);
        }
    }

    /** Resumes the attempts of a suspended node. Call this before any attempt begins. */
    void resume(SuspendedNode node, ToIntFunction<Allocation> paceMilli, long atMs) {
        endedMicrojoules = node.endedMicrojoules();
        node.done().forEach(done::add);
        for (var state : node.attempts()) {
            Allocation allocation = state.command().allocation();
            List<Gpu> its = gpusOf(allocation);
            var attempt = RunningAttempt.resume(state, its, progressReports, atMs);
            attempt.pace(paceMilli.applyAsInt(allocation));
            its.forEach(gpu -> gpu.add(attempt, atMs));
            capacity.take(allocation);
            running.put(attempt.id(), attempt);
        }
        for (int gpu = 0; gpu < gpus.size(); gpu++) {
            gpus.get(gpu).resume(node.gpus().get(gpu), atMs);
        }
        running.values().forEach(attempt -> plan(attempt, atMs));
    }

    List<AttemptId> done() {
        return done.all();
    }

    long endedMicrojoules() {
        return endedMicrojoules;
    }

    /** Removes the node's attempts from their gangs, so that the other parts no longer wait for them. */
    void leave(long atMs) {
        running.values().forEach(attempt -> leaveGang(attempt, atMs));
        site = null;
    }

    /** Returns whether the attempt is running, has ended, or was refused. */
    boolean isKnown(AttemptId id) {
        return running.containsKey(id) || done.contains(id);
    }

    /** Makes sure that the attempt never runs here. */
    void refuse(AttemptId id) {
        if (!done.contains(id)) {
            done.add(id);
        }
    }

    @Nullable
    RunningAttempt get(AttemptId id) {
        return running.get(id);
    }

    /** Returns the running attempts, in the order of their ids. */
    List<AttemptId> ids() {
        return List.copyOf(running.keySet());
    }

    /** Returns the running attempts, in the order of their ids. */
    Collection<RunningAttempt> all() {
        return Collections.unmodifiableCollection(running.values());
    }

    boolean isEmpty() {
        return running.isEmpty();
    }

    /** Returns the energy of all attempts until {@code atMs}, including ended ones. */
    long microjoulesAt(long atMs) {
        long sum = endedMicrojoules;
        for (int index = 0; index < running.size(); index++) {
            sum += running.valueAt(index).microjoulesAt(atMs);
        }
        return sum;
    }

    /** Returns the time of the next event of any attempt; {@link NodeModel#NEVER} if there is none. */
    long nextMs() {
        RunningAttempt first = byNextEvent.first();
        return first == null ? NodeModel.NEVER : first.nextEventMs();
    }

    /**
     * Begins an attempt, which must fit on the node.
     *
     * @param paceMilli thousandths of the work that the attempt's clock would do
     */
    void begin(StartAttempt command, int paceMilli, long atMs) {
        List<Gpu> its = gpusOf(command.allocation());
        var attempt = new RunningAttempt(command, its, progressReports, atMs);
        attempt.pace(paceMilli);
        List<RunningAttempt> neighbours = settleAllOn(its, atMs);
        for (var gpu : its) {
            gpu.add(attempt, atMs);
        }
        replan(changing(its), atMs);
        capacity.take(command.allocation());
        running.put(attempt.id(), attempt);
        if (site != null) {
            attempt.join(site.join(source.pool(), this, attempt));
        }
        for (var neighbour : neighbours) {
            plan(neighbour, atMs);
        }
        plan(attempt, atMs);
        loadChanged.accept(atMs);
    }

    private List<Gpu> gpusOf(Allocation allocation) {
        List<Integer> indexes = allocation.gpus();
        return indexes.size() == 1
                ? List.of(gpus.get(indexes.getFirst()))
                : indexes.stream().map(gpus::get).toList();
    }

    private static void replan(List<Gpu> gpus, long atMs) {
        for (var gpu : gpus) {
            gpu.replan(atMs);
        }
    }

    /** Ends an attempt, and returns its energy, mJ. */
    long end(RunningAttempt attempt, long atMs) {
        List<RunningAttempt> neighbours = settleAllOn(attempt.gpus(), atMs);
        for (var gpu : attempt.gpus()) {
            gpu.remove(attempt, atMs);
        }
        replan(changing(attempt.gpus()), atMs);
        long microjoules = attempt.microjoulesAt(atMs);
        endedMicrojoules += microjoules;
        meter.ended(attempt.id(), microjoules);
        capacity.giveBack(attempt.allocation());
        running.remove(attempt.id());
        byNextEvent.remove(attempt);
        done.add(attempt.id());
        leaveGang(attempt, atMs);
        for (var neighbour : neighbours) {
            if (neighbour != attempt) {
                plan(neighbour, atMs);
            }
        }
        loadChanged.accept(atMs);
        return (microjoules + MICROJOULES_PER_MILLIJOULE / 2) / MICROJOULES_PER_MILLIJOULE;
    }

    private void leaveGang(RunningAttempt attempt, long atMs) {
        if (site != null) {
            site.leave(source.pool(), attempt, atMs);
        }
    }

    /**
     * Handles the next event. Call this at {@link #nextMs}.
     *
     * @return the report to send, if any
     */
    Optional<TaskReport> happenNext() {
        RunningAttempt attempt = Objects.requireNonNull(byNextEvent.first());
        long atMs = attempt.nextEventMs();
        if (atMs == attempt.turnMs()) {
            return turn(attempt, atMs);
        }
        if (atMs == attempt.reportMs()) {
            return report(attempt, atMs);
        }
        changeLoad(attempt, atMs);
        return Optional.empty();
    }

    private Optional<TaskReport> turn(RunningAttempt attempt, long atMs) {
        byNextEvent.remove(attempt);
        attempt.settle(atMs);
        Progress progress = attempt.progress();
        if (progress.isDone()) {
            long energyMj = end(attempt, atMs);
            return Optional.of(endReport(attempt, energyMj, atMs));
        }
        boolean hasSaved = progress.turn();
        plan(attempt, atMs);
        return hasSaved
                ? Optional.of(new Checkpointed(attempt.source(), attempt.id(), progress.savedMs(), atMs))
                : Optional.empty();
    }

    private TaskReport endReport(RunningAttempt attempt, long energyMj, long atMs) {
        int exitCode = attempt.exitCode();
        if (exitCode == 0) {
            return new Completed(attempt.source(), attempt.id(), energyMj, atMs);
        }
        String message = "The program ended with exit code " + exitCode;
        return new Failed(attempt.source(), attempt.id(), exitCode, message, energyMj, atMs);
    }

    private Optional<TaskReport> report(RunningAttempt attempt, long atMs) {
        byNextEvent.remove(attempt);
        attempt.settle(atMs);
        Optional<TaskReport> told = attempt.report().stream()
                .mapToObj(paceMilli -> (TaskReport) new Progressed(
                        attempt.source(), attempt.id(), attempt.progress().doneMs(), paceMilli, atMs))
                .findFirst();
        plan(attempt, atMs);
        return told;
    }

    private void changeLoad(RunningAttempt attempt, long atMs) {
        List<RunningAttempt> affected = settleAllOn(attempt.gpus(), atMs);
        attempt.gpus().forEach(gpu -> gpu.willChange(attempt, atMs));
        attempt.changeLoad(atMs);
        attempt.gpus().forEach(gpu -> gpu.hasChanged(attempt));
        replan(changing(attempt.gpus()), atMs);
        affected.forEach(one -> plan(one, atMs));
        loadChanged.accept(atMs);
    }

    /**
     * Applies a slowdown that has begun or ended.
     *
     * @param paceMilli thousandths of the work that the clock would do, by allocation
     */
    void repace(ToIntFunction<Allocation> paceMilli, long atMs) {
        for (var attempt : running.values()) {
            byNextEvent.remove(attempt);
            attempt.settle(atMs);
            attempt.pace(paceMilli.applyAsInt(attempt.allocation()));
            plan(attempt, atMs);
        }
    }

    /** Sets by how much the rack warms the inlet from {@code atMs} on. */
    void breathe(double rackCelsius, long atMs) {
        if (!inlet.matters()) {
            inlet.warm(rackCelsius);
            return;
        }
        List<RunningAttempt> affected = settleAllOn(gpus, atMs);
        inlet.warm(rackCelsius);
        replan(gpus, atMs);
        affected.forEach(attempt -> plan(attempt, atMs));
    }

    /** Plans an attempt again after the pace of another part of its gang has changed. */
    void replan(RunningAttempt attempt, long atMs) {
        byNextEvent.remove(attempt);
        attempt.settle(atMs);
        attempt.plan();
        byNextEvent.add(attempt);
        touch.run();
    }

    /** Returns the GPUs whose clocks may change when the load of these GPUs changes. */
    private List<Gpu> changing(List<Gpu> loaded) {
        return inlet.matters() && !loaded.isEmpty() ? gpus : loaded;
    }

    /**
     * Credits work to all attempts whose clocks may change when the load of these GPUs changes. Takes the attempts out
     * of {@link #byNextEvent} until they are planned again.
     */
    private List<RunningAttempt> settleAllOn(List<Gpu> loaded, long atMs) {
        List<RunningAttempt> affected = attemptsOn(changing(loaded));
        for (var attempt : affected) {
            byNextEvent.remove(attempt);
            attempt.settle(atMs);
        }
        return affected;
    }

    /** Returns the attempts on these GPUs, each once, in the order of their ids. */
    private List<RunningAttempt> attemptsOn(List<Gpu> loaded) {
        if (loaded.size() == 1) {
            List<RunningAttempt> its = loaded.getFirst().attempts();
            return switch (its.size()) {
                case 0 -> List.of();
                case 1 -> List.of(its.getFirst());
                default -> inOrder(new ArrayList<>(its));
            };
        }
        List<RunningAttempt> found = new ArrayList<>();
        if (loaded.size() == gpus.size()) {
            for (int index = 0; index < running.size(); index++) {
                RunningAttempt attempt = running.valueAt(index);
                if (!attempt.gpus().isEmpty()) {
                    found.add(attempt);
                }
            }
            return found;
        }
        for (var gpu : loaded) {
            for (var attempt : gpu.attempts()) {
                if (!found.contains(attempt)) {
                    found.add(attempt);
                }
            }
        }
        return inOrder(found);
    }

    private static List<RunningAttempt> inOrder(List<RunningAttempt> attempts) {
        if (attempts.size() > 1) {
            attempts.sort(BY_ID);
        }
        return attempts;
    }

    private void plan(RunningAttempt attempt, long atMs) {
        boolean wasAtFullClock = attempt.isAtFullClock();
        attempt.findOwnClock();
        Gang gang = attempt.gang();
        if (gang != null && !(wasAtFullClock && attempt.isAtFullClock())) {
            gang.changed(attempt, atMs);
        }
        attempt.plan();
        byNextEvent.add(attempt);
    }
}
