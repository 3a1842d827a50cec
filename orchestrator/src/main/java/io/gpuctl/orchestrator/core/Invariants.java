package io.gpuctl.orchestrator.core;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskLife;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.TaskStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks what must be true of a pool after the facts of each input, recounted from the state: no GPU is allocated
 * beyond its capacity, every gang is whole, every task is in exactly one place, and tasks and nodes agree on what each
 * task holds.
 *
 * <p>Takes time in proportion to the state. The invariants may not hold between the facts of one input: the loss of a
 * node and the end of its attempts are separate facts.
 */
public final class Invariants {
    private final PoolState state;
    private final List<String> violations = new ArrayList<>();

    private Invariants(PoolState state) {
        this.state = state;
    }

    /** Returns the violations, as text for people; empty if there are none. */
    public static List<String> violations(PoolState state) {
        Invariants invariants = new Invariants(state);
        for (Node node : state.nodes()) {
            invariants.checkNode(node, null);
        }
        state.tasks().forEach(invariants::checkTask);
        invariants.checkPlaces();
        return List.copyOf(invariants.violations);
    }

    /**
     * Returns the violations of the tasks that the facts of one input are about, and of the nodes that the facts are
     * about or whose holds they change, as text for people. Finds less than a check of the whole state, but takes time
     * only in proportion to what these tasks and nodes hold.
     */
    public static List<String> violations(PoolState state, List<Fact> facts) {
        // Most inputs lead to no fact or to one about one task, which needs no sets.
        if (facts.isEmpty()) {
            return List.of();
        }
        if (facts.size() == 1
                && facts.getFirst().event() instanceof ClusterEvent.OfTask event
                && !(event instanceof ClusterEvent.OfMember)) {
            return violations(state, event, facts.getFirst().atMs());
        }
        SequencedSet<TaskId> tasks = new LinkedHashSet<>();
        SequencedSet<NodeId> nodes = new LinkedHashSet<>();
        for (Fact fact : facts) {
            switch (fact.event()) {
                // A gang may have thousands of nodes; a fact about one member says nothing about the others.
                case ClusterEvent.MemberStarted event -> nodes.add(event.nodeId());
                case ClusterEvent.MemberCheckpointed event -> nodes.add(event.nodeId());
                case ClusterEvent.MemberEnded event -> nodes.add(event.nodeId());
                case ClusterEvent.OfTask event -> {
                    TaskRecord task = state.task(event.taskId());
                    if (task != null) {
                        tasks.add(task.id());
                        if (changesHolds(event, fact.atMs())) {
                            task.allocations().forEach(allocation -> nodes.add(allocation.nodeId()));
                        }
                    }
                }
                case ClusterEvent.OfNode event -> nodes.add(event.nodeId());
                case ClusterEvent.OrchestratorStarted event -> {}
                case ClusterEvent.PoolConfigured event -> {}
                case ClusterEvent.ClockSetBack event -> {}
                case ClusterEvent.SchedulerRan event -> {}
            }
        }
        Invariants invariants = new Invariants(state);
        for (NodeId nodeId : nodes) {
            Node node = state.node(nodeId);
            if (node != null) {
                invariants.checkNode(node, tasks);
            }
        }
        for (TaskId taskId : tasks) {
            TaskRecord task = state.task(taskId);
            if (task != null) {
                invariants.checkTask(task);
            }
        }
        return List.copyOf(invariants.violations);
    }

    private static List<String> violations(PoolState state, ClusterEvent.OfTask event, long atMs) {
        TaskRecord task = state.task(event.taskId());
        if (task == null) {
            return List.of();
        }
        Invariants invariants = new Invariants(state);
        if (changesHolds(event, atMs)) {
            Set<TaskId> tasks = Set.of(task.id());
            for (Allocation allocation : task.allocations()) {
                Node node = state.node(allocation.nodeId());
                if (node != null) {
                    invariants.checkNode(node, tasks);
                }
            }
        }
        invariants.checkTask(task);
        return List.copyOf(invariants.violations);
    }

    /** Returns whether the event may change what nodes hold. */
    private static boolean changesHolds(ClusterEvent.OfTask event, long atMs) {
        return TaskLife.movesGpus(TaskStep.of(event, atMs));
    }

    private void require(boolean holds, Supplier<String> violation) {
        if (!holds) {
            violations.add(violation.get());
        }
    }

    /** {@code tasks}: whose holds to compare with their task; null for all. The sum of all holds is always checked. */
    private void checkNode(Node node, @Nullable Set<TaskId> tasks) {
        require(
                node.state() != NodeState.DOWN || node.held().isEmpty(),
                () -> "Node %s is down and holds %s".formatted(node.id(), node.held()));
        Recount recount = new Recount(node);
        node.held().forEach((attempt, allocation) -> {
            if (recount.count(allocation)) {
                if (tasks == null || tasks.contains(attempt.taskId())) {
                    checkHold(node, attempt, allocation);
                }
            } else {
                violations.add(
                        "Node %s lacks the GPUs that %s holds: %s".formatted(node.id(), attempt, allocation.gpus()));
            }
        });
        recount.compare();
        checkUpkeep(node);
    }

    /**
     * Checks that the tasks on a node that is being drained were told to stop, and that the end of the drain was
     * recorded.
     */
    private void checkUpkeep(Node node) {
        Upkeep upkeep = node.upkeep();
        require(
                areGpusOf(node, upkeep.gpusOut()),
                () -> "Node %s has %d GPUs, but its GPUs out of service are %s"
                        .formatted(node.id(), node.gpuCount(), upkeep.gpusOut()));
        require(
                isAscending(upkeep.cordonedAtMs()),
                () -> "The times at which node %s was cordoned are out of order: %s"
                        .formatted(node.id(), upkeep.cordonedAtMs()));
        Cordon cordon = upkeep.cordon();
        require(
                cordon == null || upkeep.slowReports() == 0,
                () -> "Node %s is cordoned, but its slow reports are counted".formatted(node.id()));
        boolean drains = cordon != null && cordon.drain();
        for (TaskRecord task : drains ? state.tasksOn(node) : List.<TaskRecord>of()) {
            require(
                    task.state() != TaskState.PLACED && task.state() != TaskState.RUNNING,
                    () -> "Node %s is drained, but %s is %s there".formatted(node.id(), task.id(), task.state()));
        }
        boolean isDrained = cordon != null && cordon.drained();
        require(
                isDrained == (drains && node.held().isEmpty()),
                () -> "Node %s holds %s, but its cordon is %s"
                        .formatted(node.id(), node.held().keySet(), String.valueOf(cordon)));
        require(
                state.isDraining(node.id()) == (drains && !isDrained),
                () -> "The cordon of node %s is %s, but the nodes being drained are %s"
                        .formatted(node.id(), String.valueOf(cordon), state.draining()));
    }

    private static boolean areGpusOf(Node node, Iterable<Integer> gpus) {
        for (int gpu : gpus) {
            if (gpu < 0 || gpu >= node.gpuCount()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscending(List<Long> times) {
        for (int i = 1; i < times.size(); i++) {
            if (times.get(i - 1) > times.get(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks that a hold belongs to a task, or is left from an earlier attempt whose end the node has not reported yet.
     */
    private void checkHold(Node node, AttemptId attempt, Allocation allocation) {
        require(
                allocation.nodeId().equals(node.id()) && allocation.incarnation() == node.incarnation(),
                () -> "Node %s in incarnation %d holds for %s an allocation of node %s in incarnation %d"
                        .formatted(
                                node.id(), node.incarnation(), attempt, allocation.nodeId(), allocation.incarnation()));
        TaskRecord task = state.task(attempt.taskId());
        if (task == null || !task.isCurrent(attempt)) {
            require(
                    task == null || attempt.number() <= task.attempt(),
                    () -> "Node %s holds GPUs for %s, but the task is at attempt %d"
                            .formatted(node.id(), attempt, task == null ? 0 : task.attempt()));
        } else {
            require(
                    isAmong(task.allocations(), allocation),
                    () -> "Node %s holds for %s an allocation that its task does not have"
                            .formatted(node.id(), attempt));
        }
    }

    /**
     * Compares the node ids first: a gang may have thousands of nodes, and ids are faster to compare than allocations.
     */
    private static boolean isAmong(List<Allocation> allocations, Allocation allocation) {
        String nodeId = allocation.nodeId().value();
        for (Allocation other : allocations) {
            if (nodeId.equals(other.nodeId().value()) && other.equals(allocation)) {
                return true;
            }
        }
        return false;
    }

    private void checkTask(TaskRecord task) {
        require(
                state.finishedTask(task.id()) == null,
                () -> "Task %s is %s, but also finished".formatted(task.id(), task.state()));
        require(
                !task.state().isFinal(),
                () -> "Task %s is %s, but listed as not finished".formatted(task.id(), task.state()));
        if (task.state().holdsGpus()) {
            require(
                    task.reason() == null,
                    () -> "Task %s is %s, but has a reason to wait: %s"
                            .formatted(task.id(), task.state(), String.valueOf(task.reason())));
            checkGang(task);
            task.allocations().forEach(allocation -> checkAllocation(task, allocation));
        } else {
            require(task.reason() != null, () -> "Task %s waits, but has no reason".formatted(task.id()));
            require(
                    task.allocations().isEmpty(),
                    () -> "Task %s is %s, but holds GPUs".formatted(task.id(), task.state()));
        }
        require(
                task.failures() < task.spec().maxAttempts(),
                () -> "Task %s has failed %d times, but has at most %d attempts"
                        .formatted(task.id(), task.failures(), task.spec().maxAttempts()));
    }

    private void checkGang(TaskRecord task) {
        GpuRequest request = task.spec().gpus();
        int gpus = 0;
        for (Allocation allocation : task.allocations()) {
            gpus += allocation.gpus().size();
            require(
                    allocation.gpuMilli() == request.milli() && allocation.gpuMemoryMib() == request.memoryMib(),
                    () -> "Task %s holds %d milli and %d MiB of each GPU, but asked for %d and %d"
                            .formatted(
                                    task.id(),
                                    allocation.gpuMilli(),
                                    allocation.gpuMemoryMib(),
                                    request.milli(),
                                    request.memoryMib()));
        }
        checkMembers(task);
        int held = gpus;
        require(
                !task.allocations().isEmpty() && held == request.count(),
                () -> "Task %s holds %d GPUs, but asked for %d".formatted(task.id(), held, request.count()));
    }

    private void checkMembers(TaskRecord task) {
        if (task.allocations().size() == 1
                && task.members().isEmpty()
                && task.spec().maxNodes() >= 1) {
            return;
        }
        List<NodeId> nodes = task.allocations().stream().map(Allocation::nodeId).toList();
        require(
                nodes.size() <= task.spec().maxNodes() && new LinkedHashSet<>(nodes).size() == nodes.size(),
                () -> "Task %s is on %s, but may be on at most %d nodes, once on each"
                        .formatted(task.id(), nodes, task.spec().maxNodes()));
        require(
                task.members().stream().map(Member::nodeId).toList().equals(nodes.size() == 1 ? List.of() : nodes),
                () -> "Task %s is on %s, but its members are %s".formatted(task.id(), nodes, task.members()));
        require(
                task.members().isEmpty() || !task.members().stream().allMatch(Member::isOver),
                () -> "Task %s is %s, but no node runs it: %s".formatted(task.id(), task.state(), task.members()));
    }

    private void checkAllocation(TaskRecord task, Allocation allocation) {
        Node node = state.node(allocation.nodeId());
        boolean holds = node != null && allocation.equals(node.held().get(task.currentAttempt()));
        require(
                holds,
                () -> "Task %s is %s, but node %s does not hold its allocation"
                        .formatted(task.id(), task.state(), allocation.nodeId()));
        require(
                node == null || node.state() == NodeState.UP || node.state() == NodeState.SUSPECT,
                () -> "Task %s is %s on node %s, which is gone"
                        .formatted(task.id(), task.state(), allocation.nodeId()));
    }

    /** Checks that the queue holds exactly the queued tasks, and the retries exactly the tasks that back off. */
    private void checkPlaces() {
        int queued = 0;
        int holding = 0;
        Set<TaskId> backingOff = new LinkedHashSet<>();
        for (TaskRecord task : state.tasks()) {
            holding += task.state().holdsGpus() ? 1 : 0;
            if (task.state() == TaskState.QUEUED) {
                queued++;
                require(
                        state.queue().contains(QueueEntry.of(task)),
                        () -> "Task %s is queued, but the queue does not hold it: %s"
                                .formatted(task.id(), state.queue()));
            } else if (task.state() == TaskState.BACKING_OFF) {
                backingOff.add(task.id());
            }
        }
        int queuedTasks = queued;
        require(
                queuedTasks == state.queue().size(),
                () -> "%d tasks are queued, but the queue holds %s".formatted(queuedTasks, state.queue()));
        int holdingTasks = holding;
        require(
                holdingTasks == state.holders().size()
                        && state.holders().stream().allMatch(task -> task.equals(state.task(task.id()))),
                () -> "%d tasks hold GPUs, but those listed are %s".formatted(holdingTasks, state.holders()));
        Set<TaskId> retries = new LinkedHashSet<>(state.backingOff());
        require(
                backingOff.equals(retries)
                        && retries.size() == state.backingOff().size(),
                () -> "The retries hold %s, but the tasks that back off are %s".formatted(retries, backingOff));
    }

    /** The free resources of a node, recounted from the held resources. */
    private final class Recount {
        private static final int NO_GPU = -1;

        private final Node node;
        private final long[] milli;
        private final long[] gpuMemoryMib;
        private long cpuMilli;
        private long memoryMib;

        Recount(Node node) {
            this.node = node;
            milli = new long[node.gpuCount()];
            gpuMemoryMib = new long[node.gpuCount()];
            Arrays.fill(milli, GpuRequest.WHOLE);
            Arrays.fill(gpuMemoryMib, node.inventory().gpuMemoryMib());
            cpuMilli = node.inventory().cpuMilli();
            memoryMib = node.inventory().memoryMib();
        }

        /** Returns false if the node has no such GPUs, or a GPU is named twice. */
        boolean count(Allocation allocation) {
            long seen = 0;
            List<Integer> gpus = allocation.gpus();
            for (int i = 0; i < gpus.size(); i++) {
                int gpu = gpus.get(i);
                if (gpu < 0 || gpu >= milli.length || (seen >>> gpu & 1) != 0) {
                    return false;
                }
                seen |= 1L << gpu;
            }
            for (int i = 0; i < gpus.size(); i++) {
                int gpu = gpus.get(i);
                milli[gpu] -= allocation.gpuMilli();
                gpuMemoryMib[gpu] -= allocation.gpuMemoryMib();
            }
            cpuMilli -= allocation.cpuMilli();
            memoryMib -= allocation.memoryMib();
            return true;
        }

        void compare() {
            for (int gpu = 0; gpu < milli.length; gpu++) {
                boolean isOut = !node.upkeep().gpusOut().isEmpty()
                        && node.upkeep().gpusOut().contains(gpu);
                compare("milli of GPU", gpu, milli[gpu], isOut ? 0 : milli[gpu], node.freeMilli(gpu));
                compare(
                        "MiB of GPU",
                        gpu,
                        gpuMemoryMib[gpu],
                        isOut ? 0 : gpuMemoryMib[gpu],
                        node.freeGpuMemoryMib(gpu));
            }
            compare("CPU milli", NO_GPU, cpuMilli, cpuMilli, node.freeCpuMilli());
            compare("MiB of main memory", NO_GPU, memoryMib, memoryMib, node.freeMemoryMib());
        }

        /**
         * {@code usable}: the part of {@code counted} that may be given to tasks. Builds text only for a violation:
         * this method runs for each GPU of a node after each input.
         */
        private void compare(String unit, int gpu, long counted, long usable, long booked) {
            if (counted >= 0 && usable == booked) {
                return;
            }
            String what = gpu == NO_GPU ? unit : unit + " " + gpu;
            require(
                    counted >= 0,
                    () -> "Node %s has %d %s free: it is over its capacity".formatted(node.id(), counted, what));
            require(
                    usable == booked,
                    () -> "Node %s has %d %s free, but the book says %d".formatted(node.id(), usable, what, booked));
        }
    }
}
