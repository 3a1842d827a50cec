package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Shape;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import io.gpuctl.events.form.Units;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registered nodes by pool, to check whether a task could ever run on them. */
final class KnownNodes {
    private static final String OTHERWISE = "; with allow_unknown, the task waits for a node that can run it";
    private static final int NAMES_SHOWN_MAX = 10;

    private final SortedMap<PoolId, List<NodeInventory>> nodesByPool = new TreeMap<>();

    KnownNodes(Collection<NodeInventory> nodes) {
        for (var node : nodes) {
            nodesByPool.computeIfAbsent(node.pool(), _ -> new ArrayList<>()).add(node);
        }
    }

    /**
     * Returns why no registered nodes of its pool could ever run the task, by the fields that request too much; empty
     * if some could, or if no node is known.
     */
    List<FieldError> whyNeverFits(TaskSpec task) {
        if (nodesByPool.isEmpty()) {
            return List.of();
        }
        var nodes = nodesByPool.get(task.pool());
        if (nodes == null) {
            return List.of(wrong(
                    TaskForm.POOL,
                    TextNode.valueOf(task.pool().value()),
                    "one of "
                            + listed(nodesByPool.keySet().stream()
                                    .map(PoolId::value)
                                    .collect(Collectors.toCollection(TreeSet::new))),
                    "no other pool has nodes"));
        }
        return Shape.of(task).couldRunOn(nodes) ? List.of() : new Search(task, nodes).errors();
    }

    /**
     * Returns the reason for which the orchestrator would reject a task that {@link #whyNeverFits}; null if it would
     * not reject the task.
     */
    PendingReason.@Nullable Code reason(TaskSpec task) {
        if (nodesByPool.isEmpty()) {
            return null;
        }
        var nodes = nodesByPool.get(task.pool());
        if (nodes == null) {
            return PendingReason.Code.NO_NODES;
        }
        var reason = Shape.of(task).neverFits(nodes);
        return reason == null ? null : reason.code();
    }

    private static FieldError wrong(TaskField<?> field, JsonNode asked, String allowed, String why) {
        return new FieldError(
                field.name(),
                asked,
                allowed,
                "%s is %s, but must be %s: %s".formatted(field.name(), asked, allowed, why + OTHERWISE));
    }

    private static String listed(Set<String> names) {
        String shown = names.stream().limit(NAMES_SHOWN_MAX).collect(Collectors.joining(", "));
        return names.size() > NAMES_SHOWN_MAX
                ? "%s and %d more".formatted(shown, names.size() - NAMES_SHOWN_MAX)
                : shown;
    }

    /**
     * Checks each requirement alone, to find those that no node meets; if nodes meet each one alone, the combination is
     * the error.
     */
    private record Search(TaskSpec task, List<NodeInventory> nodes) {
        List<FieldError> errors() {
            var errors = new ArrayList<FieldError>();
            models(errors);
            size(errors, TaskForm.CPU_MILLI, task.cpuMilli(), NodeInventory::cpuMilli, with(task.cpuMilli(), 0));
            size(errors, TaskForm.MEMORY_MIB, task.memoryMib(), NodeInventory::memoryMib, with(0, task.memoryMib()));
            gpus(errors);
            if (errors.isEmpty()) {
                errors.add(wrong(
                        TaskForm.GPUS,
                        DecimalNode.valueOf(Units.thousandths(task.gpus().totalMilli())),
                        "fewer, or combined with less CPU, less memory or other gpu_models",
                        "each of these requirements fits some node, but no node meets all of them"));
            }
            return errors;
        }

        /**
         * Returns the shape with this CPU and memory. The shape of a gang also has its GPUs, because the CPU and memory
         * of a gang are spread over its nodes.
         */
        private Shape with(long cpuMilli, long memoryMib) {
            boolean mayBeLarge =
                    task.maxNodes() > 1 && new Shape(gpuCount(), task.maxNodes(), 0, 0, List.of()).couldRunOn(nodes);
            return mayBeLarge
                    ? new Shape(gpuCount(), task.maxNodes(), cpuMilli, memoryMib, List.of())
                    : new Shape(GpuRequest.NONE, cpuMilli, memoryMib, List.of());
        }

        private GpuRequest gpuCount() {
            return new GpuRequest(task.gpus().count(), task.gpus().milli(), 0);
        }

        private void models(List<FieldError> errors) {
            if (!new Shape(GpuRequest.NONE, 0, 0, task.gpuModels()).couldRunOn(nodes)) {
                ArrayNode asked = JsonNodeFactory.instance.arrayNode();
                task.gpuModels().forEach(asked::add);
                var models = nodes.stream()
                        .map(NodeInventory::gpuModel)
                        .filter(model -> !model.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
                errors.add(wrong(
                        TaskForm.GPU_MODELS, asked, "of " + listed(models), "no node of the pool has another model"));
            }
        }

        private void size(
                List<FieldError> errors,
                TaskField<?> field,
                long asked,
                ToLongFunction<NodeInventory> of,
                Shape alone) {
            if (alone.couldRunOn(nodes)) {
                return;
            }
            long max = nodes.stream().mapToLong(of).max().orElse(0);
            errors.add(wrong(
                    field,
                    DecimalNode.valueOf(BigDecimal.valueOf(asked)),
                    alone.maxNodes() > 1 ? "less for each of its nodes" : "at most " + max,
                    "no node of the pool has more than " + max));
        }

        private void gpus(List<FieldError> errors) {
            var request = task.gpus();
            if (new Shape(request, task.maxNodes(), 0, 0, List.of()).couldRunOn(nodes)) {
                return;
            }
            var largest = nodes.stream()
                    .max(Comparator.comparingInt(NodeInventory::gpuCount)
                            .thenComparingLong(NodeInventory::gpuMemoryMib))
                    .orElseThrow();
            if (request.count() > largest.gpuCount()) {
                errors.add(tooManyGpus(largest));
                return;
            }
            long memoryMibMax = nodes.stream()
                    .filter(node -> node.gpuCount() >= request.count())
                    .mapToLong(NodeInventory::gpuMemoryMib)
                    .max()
                    .orElse(0);
            errors.add(wrong(
                    TaskForm.MEMORY_REQUIRED,
                    DecimalNode.valueOf(Units.gib(request.memoryMib())),
                    "at most %s GiB (%d MiB)".formatted(Units.gib(memoryMibMax), memoryMibMax),
                    whyOnOneNode(largest)));
        }

        private FieldError tooManyGpus(NodeInventory largest) {
            var asked = DecimalNode.valueOf(BigDecimal.valueOf(task.gpus().count()));
            if (task.maxNodes() == 1) {
                return wrong(TaskForm.GPUS, asked, "at most " + largest.gpuCount(), whyOnOneNode(largest));
            }
            return wrong(
                    TaskForm.GPUS,
                    asked,
                    "as many as %d nodes have".formatted(task.maxNodes()),
                    ("the task may span that many nodes (max_nodes): nodes of one size, and a part of one more,"
                                    + " each with %d MiB on each GPU; %s")
                            .formatted(task.gpus().memoryMib(), sizeOf(largest)));
        }

        private static String whyOnOneNode(NodeInventory largest) {
            return "a task runs on one node unless max_nodes is greater; " + sizeOf(largest);
        }

        private static String sizeOf(NodeInventory largest) {
            return "the largest node has %d GPUs of %s GiB (%d MiB)"
                    .formatted(largest.gpuCount(), Units.gib(largest.gpuMemoryMib()), largest.gpuMemoryMib());
        }
    }
}
