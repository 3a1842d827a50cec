package io.gpuctl.benchmarks;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the nodes and pods for a run that ignores times from the openb trace's files. The columns are the published
 * ones; no field is quoted.
 */
final class OpenbFiles {
    private OpenbFiles() {}

    /** Reads the nodes from the columns {@code sn,cpu_milli,memory_mib,gpu,model}. */
    static List<NodeInventory> nodes(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.skip(1).map(OpenbFiles::node).toList();
        }
    }

    private static NodeInventory node(String line) {
        List<String> fields = List.of(line.split(",", -1));
        return new NodeInventory(
                new NodeId(fields.get(0)),
                PoolId.DEFAULT,
                fields.get(4),
                Integer.parseInt(fields.get(3)),
                0,
                Long.parseLong(fields.get(1)),
                Long.parseLong(fields.get(2)),
                60,
                400,
                25,
                85);
    }

    /** Reads the pods from the columns {@code name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,...}. */
    static List<TaskSpec> pods(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.skip(1).map(OpenbFiles::pod).toList();
        }
    }

    private static TaskSpec pod(String line) {
        List<String> fields = List.of(line.split(",", -1));
        int gpus = Integer.parseInt(fields.get(3));
        String models = fields.get(5);
        return new TaskSpec(
                new TaskId(fields.get(0)),
                PoolId.DEFAULT,
                TaskSpec.DEFAULT_USER,
                Priority.NORMAL,
                new GpuRequest(gpus, gpus == 0 ? 0 : Integer.parseInt(fields.get(4)), 0),
                Long.parseLong(fields.get(1)),
                Long.parseLong(fields.get(2)),
                models.isEmpty() ? List.of() : List.of(models.split("\\|", -1)),
                TaskSpec.DEFAULT_MAX_ATTEMPTS,
                Work.lasting(1));
    }

    static TaskSpec renamed(TaskSpec task, TaskId taskId) {
        return new TaskSpec(
                taskId,
                task.pool(),
                task.user(),
                task.priority(),
                task.gpus(),
                task.cpuMilli(),
                task.memoryMib(),
                task.gpuModels(),
                task.maxAttempts(),
                task.work());
    }
}
