package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.units.Gpus;
import java.math.BigDecimal;
import java.util.Locale;

/** The body of {@code POST /tasks}. */
public final class Submission {

    private Submission() {}

    /** All of the task, nothing left to the server's defaults. */
    public static ObjectNode of(TaskSpec task) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("task_id", task.taskId().value());
        body.put("pool", task.pool().value());
        body.put("user", task.user());
        body.put("priority", task.priority().name().toLowerCase(Locale.ROOT));
        body.put("gpus", gpus(task.gpus()));
        body.put("max_nodes", task.maxNodes());
        body.put("gpu_memory_mib", task.gpus().memoryMib());
        body.put("cpu_milli", task.cpuMilli());
        body.put("memory_mib", task.memoryMib());
        task.gpuModels().forEach(body.withArray("gpu_models")::add);
        body.put("max_attempts", task.maxAttempts());
        body.put("duration_ms", task.work().durationMs());
        body.put("utilization", task.work().utilization());
        body.put("exit_code", task.work().exitCode());
        return body;
    }

    private static BigDecimal gpus(GpuRequest gpus) {
        return new BigDecimal(Gpus.human(gpus.totalMilli()));
    }
}
