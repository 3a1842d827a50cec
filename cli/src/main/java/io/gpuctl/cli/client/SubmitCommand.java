package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.client.ApiClient.Query;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.events.form.TaskForm;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Submits a task, and optionally follows it. The server chooses the values of options that are not given. */
@Command(
        name = "submit",
        description = {
            "Submits a task, or all tasks of a file.",
            "For example: gpuctl submit --gpus 2 --memory 40GiB --duration 30s --wait"
        })
public final class SubmitCommand extends ClientCommand {

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Submit the tasks of this file: JSON Lines, each with the fields of POST /tasks, or a JSON"
                    + " array of such objects; - is standard input. Without other options of a task.")
    private @Nullable String file;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "The task's id (default: a new one). A repeated submission with the same id creates no second task.")
    private @Nullable String id;

    @Option(
            names = "--gpus",
            paramLabel = "N",
            converter = QuantityConverter.OfGpus.class,
            description = "GPUs: 2, or 0.5 for a share of one GPU (default: 1).")
    private @Nullable BigDecimal gpus;

    @Option(
            names = "--max-nodes",
            paramLabel = "N",
            description = "Nodes that the task may span if no node has so many GPUs (default: 1).")
    private @Nullable Integer maxNodes;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = QuantityConverter.OfSize.class,
            description = "Memory needed on each GPU: 40GiB, 512MiB.")
    private @Nullable Long gpuMemoryMib;

    @Option(
            names = "--cpu",
            paramLabel = "CORES",
            converter = QuantityConverter.OfCpus.class,
            description = "CPU cores: 4, 0.5 or 500m.")
    private @Nullable Long cpuMilli;

    @Option(
            names = "--host-memory",
            paramLabel = "SIZE",
            converter = QuantityConverter.OfSize.class,
            description = "Main memory of the node: 64GiB.")
    private @Nullable Long memoryMib;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = QuantityConverter.OfDuration.class,
            description = "How long the task runs: 30s, 5m, 1h30m (default: 60s).")
    private @Nullable Duration duration;

    @Option(
            names = "--priority",
            paramLabel = "NAME",
            completionCandidates = Words.Priorities.class,
            description = "Priority of the task: ${COMPLETION-CANDIDATES} (default: normal).")
    private @Nullable String priority;

    @Option(names = "--user", paramLabel = "NAME", description = "The user who owns the task.")
    private @Nullable String user;

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            completionCandidates = KnownIds.OfPools.class,
            description = "The pool that the task runs in (default: default).")
    private @Nullable String pool;

    @Option(
            names = "--gpu-model",
            paramLabel = "MODEL",
            split = ",",
            description = "Only on GPUs of this model; several models are separated by commas.")
    private List<String> gpuModels = List.of();

    @Option(
            names = "--allow-unknown",
            description = "Accept the task although no node can run it now: the task waits for such a node.")
    private boolean allowUnknown;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "Failed attempts after which the task is not retried (default: 3).")
    private @Nullable Integer maxAttempts;

    @Option(
            names = "--utilization",
            paramLabel = "SHARE",
            description = "Load of the task's GPUs, 0 to 1: for the simulation (default: 0.9).")
    private @Nullable Double utilization;

    @Option(
            names = "--exit-code",
            paramLabel = "CODE",
            description = "Exit code of the program, 0 is success: for the simulation (default: 0).")
    private @Nullable Integer exitCode;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            completionCandidates = Words.Profiles.class,
            description = "How the load changes over time: ${COMPLETION-CANDIDATES} (default: steady).")
    private @Nullable String profile;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "TIME",
            converter = QuantityConverter.OfDuration.class,
            description = "Work from one checkpoint to the next: 10m (default: no checkpoints).")
    private @Nullable Duration checkpointInterval;

    @Option(
            names = "--checkpoint-cost",
            paramLabel = "TIME",
            converter = QuantityConverter.OfDuration.class,
            description = "How long a checkpoint takes: 20s (default: no time).")
    private @Nullable Duration checkpointCost;

    @Option(names = "--wait", description = "Wait until the task has ended, and exit with 1 unless it completed.")
    private boolean wait;

    @Override
    int run(ApiClient api) throws InterruptedException {
        if (file != null) {
            return submitAll(api, file);
        }
        // With the key, the client can safely send a submission again if the answer was lost.
        Map<String, String> headers =
                id == null ? Map.of("Idempotency-Key", UUID.randomUUID().toString()) : Map.of();
        var task = new TaskDocument(api.post(Query.of("/tasks"), body(), headers));
        if (!wait) {
            print(task);
            return OK;
        }
        // If the output is a document, standard output is for the document alone.
        PrintWriter progress = output.form().isDocument() ? err() : out();
        var ended = new TaskFollower(api, progress).follow(task);
        if (output.form().isDocument()) {
            print(ended);
        }
        return ended.isCompleted() ? OK : FAILED;
    }

    private int submitAll(ApiClient api, String name) throws InterruptedException {
        if (!body().isEmpty() || wait) {
            throw new ParameterException(
                    spec().commandLine(),
                    "-f submits the tasks as the file describes them: leave out the other options");
        }
        try (TaskFile tasks = TaskFile.open(name)) {
            return new BatchSubmission(api, output.form(), out(), err()).submit(tasks);
        }
    }

    private void print(TaskDocument task) {
        out().println(
                        switch (output.form()) {
                            case NAME -> Printable.line(task.id());
                            case TABLE, WIDE -> Printable.line(task.id() + " " + task.state());
                            case JSON, YAML -> output.form().write(task.json());
                        });
    }

    private ObjectNode body() {
        var submission = new Submission();
        submission.put(TaskForm.TASK_ID, id);
        submission.put(TaskForm.GPUS, gpus);
        submission.put(TaskForm.MAX_NODES, maxNodes);
        submission.put(TaskForm.GPU_MEMORY_MIB, gpuMemoryMib);
        submission.put(TaskForm.CPU_MILLI, cpuMilli);
        submission.put(TaskForm.MEMORY_MIB, memoryMib);
        submission.put(TaskForm.DURATION_MS, duration == null ? null : duration.toMillis());
        submission.put(TaskForm.PRIORITY, priority);
        submission.put(TaskForm.USER, user);
        submission.put(TaskForm.POOL, pool);
        submission.put(TaskForm.GPU_MODELS, gpuModels.isEmpty() ? null : gpuModels);
        submission.put(TaskForm.MAX_ATTEMPTS, maxAttempts);
        submission.put(TaskForm.UTILIZATION, utilization);
        submission.put(TaskForm.EXIT_CODE, exitCode);
        submission.put(TaskForm.PROFILE, profile);
        submission.put(TaskForm.CHECKPOINT_INTERVAL, seconds(checkpointInterval));
        submission.put(TaskForm.CHECKPOINT_COST, seconds(checkpointCost));
        submission.put(TaskForm.ALLOW_UNKNOWN, allowUnknown ? true : null);
        return submission.body();
    }

    private static @Nullable BigDecimal seconds(@Nullable Duration duration) {
        return duration == null ? null : BigDecimal.valueOf(duration.toMillis(), 3);
    }
}
