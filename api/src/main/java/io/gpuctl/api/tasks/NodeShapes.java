package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.node.DecimalNode;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.events.GangLayout;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What nodes each pool has, reduced to what tells whether a task could ever fit. */
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

    /** Nodes of these shapes with all their GPUs free. */
    private record EmptyNodes(List<Shape> shapes, GpuRequest request) implements GangLayout.Sites {
        @Override
        public int size() {
            return shapes.size();
        }

        @Override
        public int gpus(int site) {
            return shapes.get(site).gpuCount();
        }

        @Override
        public boolean couldHold(int site, int gpus) {
            return hasRoom(site, gpus);
        }

        @Override
        public boolean hasRoom(int site, int gpus) {
            return shapes.get(site).fits(GpuRequest.whole(gpus, request.memoryMib()));
        }
    }

    private final SortedMap<PoolId, List<Shape>> shapesByPool = new TreeMap<>();

    NodeShapes(Collection<NodeInventory> nodes) {
        for (var node : nodes) {
            shapesByPool
                    .computeIfAbsent(node.pool(), _ -> new ArrayList<>())
                    .add(new Shape(node.gpuCount(), node.gpuMemoryMib()));
        }
    }

    /** Why no registered nodes of its pool could ever run the task; nothing if some could, or if none is known. */
    Optional<FieldError> whyNeverFits(TaskSpec task) {
        var shapes = shapesByPool.get(task.pool());
        if (shapes == null || fits(task, shapes)) {
            return Optional.empty();
        }
        var request = task.gpus();
        var largest = Collections.max(shapes);
        if (request.count() > largest.gpuCount()) {
            return Optional.of(tooManyGpus(task, largest));
        }
        long memoryMibMax = shapes.stream()
                .filter(shape -> shape.gpuCount() >= request.count())
                .mapToLong(Shape::gpuMemoryMib)
                .max()
                .orElse(0);
        String allowed = "at most %s GiB (%d MiB)".formatted(Units.gib(memoryMibMax), memoryMibMax);
        return Optional.of(tooBig("memory_required", Units.gib(request.memoryMib()), allowed, whyOnOneNode(largest)));
    }

    private static boolean fits(TaskSpec task, List<Shape> shapes) {
        var request = task.gpus();
        return shapes.stream().anyMatch(shape -> shape.fits(request))
                || (task.maxNodes() > 1
                        && !GangLayout.lay(request.count(), task.maxNodes(), new EmptyNodes(shapes, request))
                                .isEmpty());
    }

    private static FieldError tooManyGpus(TaskSpec task, Shape largest) {
        var asked = BigDecimal.valueOf(task.gpus().count());
        if (task.maxNodes() == 1) {
            return tooBig("gpus", asked, "at most " + largest.gpuCount(), whyOnOneNode(largest));
        }
        return tooBig(
                "gpus",
                asked,
                "as many as %d nodes have".formatted(task.maxNodes()),
                "it may span that many (max_nodes) of one size and a part of another, each with %d MiB on each GPU, and %s"
                        .formatted(task.gpus().memoryMib(), sizeOf(largest)));
    }

    private static String whyOnOneNode(Shape largest) {
        return "a task runs on one node unless max_nodes says otherwise, and " + sizeOf(largest);
    }

    private static String sizeOf(Shape largest) {
        return "the largest node has %d GPUs of %s GiB (%d MiB)"
                .formatted(largest.gpuCount(), Units.gib(largest.gpuMemoryMib()), largest.gpuMemoryMib());
    }

    private static FieldError tooBig(String field, BigDecimal asked, String allowed, String why) {
        return new FieldError(
                field,
                DecimalNode.valueOf(asked),
                allowed,
                "%s is %s, but must be %s: %s".formatted(field, asked, allowed, why));
    }
}
