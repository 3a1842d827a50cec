package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.node.DecimalNode;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskSpec;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What nodes there are of each pool, reduced to what tells whether a task could ever fit. */
final class NodeShapes {

    /** GPUs of a node, and the memory of each. */
    private record Shape(int gpuCount, long gpuMemoryMib) implements Comparable<Shape> {
        private static final Comparator<Shape> BY_SIZE =
                Comparator.comparingInt(Shape::gpuCount).thenComparingLong(Shape::gpuMemoryMib);

        @Override
        public int compareTo(Shape other) {
            return BY_SIZE.compare(this, other);
        }

        boolean fits(GpuRequest request) {
            return gpuCount >= request.count() && gpuMemoryMib >= request.memoryMib();
        }
    }

    private final SortedMap<PoolId, SortedSet<Shape>> shapesByPool = new TreeMap<>();

    NodeShapes(Collection<NodeInventory> nodes) {
        for (var node : nodes) {
            shapesByPool
                    .computeIfAbsent(node.pool(), _ -> new TreeSet<>())
                    .add(new Shape(node.gpuCount(), node.gpuMemoryMib()));
        }
    }

    /** Why no registered node of its pool could ever run the task; nothing if one could, or if none is known. */
    Optional<FieldError> whyNeverFits(TaskSpec task) {
        var shapes = shapesByPool.get(task.pool());
        var request = task.gpus();
        if (shapes == null || shapes.stream().anyMatch(shape -> shape.fits(request))) {
            return Optional.empty();
        }
        int gpusMax = shapes.last().gpuCount();
        if (request.count() > gpusMax) {
            return Optional.of(tooBig("gpus", BigDecimal.valueOf(request.count()), "at most " + gpusMax, shapes));
        }
        long memoryMibMax = shapes.stream()
                .filter(shape -> shape.gpuCount() >= request.count())
                .mapToLong(Shape::gpuMemoryMib)
                .max()
                .orElse(0);
        String allowed = "at most %s GiB (%d MiB)".formatted(Units.gib(memoryMibMax), memoryMibMax);
        return Optional.of(tooBig("memory_required", Units.gib(request.memoryMib()), allowed, shapes));
    }

    private static FieldError tooBig(String field, BigDecimal asked, String allowed, SortedSet<Shape> shapes) {
        var largest = shapes.last();
        String why = "a task runs on one node, and the largest node has %d GPUs of %s GiB (%d MiB)"
                .formatted(largest.gpuCount(), Units.gib(largest.gpuMemoryMib()), largest.gpuMemoryMib());
        return new FieldError(
                field,
                DecimalNode.valueOf(asked),
                allowed,
                "%s is %s, but must be %s: %s".formatted(field, asked, allowed, why));
    }
}
