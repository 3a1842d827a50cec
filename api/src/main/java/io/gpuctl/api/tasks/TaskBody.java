package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.Priority;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a submission, for the API's description; {@link TaskRequest} reads it. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(
        name = "TaskSubmission",
        description = "A task to run. Every field has a default; a field that is not listed here is an error.")
record TaskBody(
        @Schema(
                description =
                        "Unique in the cluster. If absent one is made: from the header Idempotency-Key if there is"
                                + " one, else task- and a time-ordered random text.",
                pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}",
                examples = "task_001")
        @Nullable
        String taskId,

        @Schema(
                description = "GPUs: a whole number, or a share of one GPU in steps of 0.001.",
                minimum = "0",
                maximum = "4096",
                defaultValue = "1",
                examples = {"0.5", "2"})
        @Nullable
        BigDecimal gpus,

        @Schema(
                description =
                        "Nodes that it may span if no node has so many GPUs: as many empty ones as it fills, and its"
                                + " rest on another.",
                minimum = "1",
                maximum = "4096",
                defaultValue = "1",
                examples = "4")
        @Nullable
        Integer maxNodes,

        @Schema(description = "Memory needed on each GPU, GiB.", minimum = "0", defaultValue = "0", examples = "16")
        @Nullable
        BigDecimal memoryRequired,

        @Schema(description = "The same in MiB; instead of memory_required.", minimum = "0", examples = "16384")
        @Nullable
        Long gpuMemoryMib,

        @Schema(description = "CPU, thousandths of a core.", minimum = "0", defaultValue = "0", examples = "4000")
        @Nullable
        Long cpuMilli,

        @Schema(description = "Main memory, MiB.", minimum = "0", defaultValue = "0", examples = "32768") @Nullable
        Long memoryMib,

        @Schema(
                description = "Run time at full clock, seconds of cluster time; a throttled GPU takes longer.",
                minimum = "0",
                defaultValue = "60",
                examples = "60")
        @Nullable
        BigDecimal duration,

        @Schema(description = "The same in milliseconds; instead of duration.", minimum = "0", examples = "60000")
        @Nullable
        Long durationMs,

        @Schema(
                description = "A higher priority is served first.",
                implementation = Priority.class,
                defaultValue = "normal",
                examples = "high")
        @Nullable
        String priority,

        @Schema(description = "Who submits it.", maxLength = 128, defaultValue = "anonymous", examples = "alice")
        @Nullable
        String user,

        @Schema(description = "The pool of nodes to run in.", defaultValue = "default", examples = "default") @Nullable
        String pool,

        @Schema(
                description = "GPU models that it may run on; any if absent or empty.",
                examples = "[\"A100-SXM4-80GB\"]")
        @Nullable
        List<String> gpuModels,

        @Schema(
                description = "Failed attempts after which it is not tried again.",
                minimum = "1",
                maximum = "100",
                defaultValue = "3")
        @Nullable
        Integer maxAttempts,

        @Schema(
                description = "Load on its share of each GPU while it runs.",
                minimum = "0",
                maximum = "1",
                defaultValue = "0.9")
        @Nullable
        BigDecimal utilization,

        @Schema(
                description = "What the simulated program ends with; other than 0 is a failed attempt.",
                minimum = "0",
                maximum = "255",
                defaultValue = "0")
        @Nullable
        Integer exitCode,

        @Schema(
                description = "How the load goes up and down.",
                implementation = LoadProfile.class,
                defaultValue = "steady",
                examples = "training_large")
        @Nullable
        String profile,

        @Schema(
                description =
                        "Seconds of work from one checkpoint to the next, at least 1; 0 for none. Whatever ends an attempt, the next"
                                + " one goes on from the newest checkpoint; without checkpoints only a stop saves the work.",
                minimum = "0",
                defaultValue = "0",
                examples = "600")
        @Nullable
        BigDecimal checkpointInterval,

        @Schema(
                description = "Seconds that a checkpoint takes, in which no work is done.",
                minimum = "0",
                defaultValue = "0",
                examples = "20")
        @Nullable
        BigDecimal checkpointCost,

        @Schema(
                description =
                        "Whether to take it although no pool of this name has nodes, or none of its nodes could ever run it:"
                                + " one may come. Without it that is an error.",
                defaultValue = "false")
        @Nullable
        Boolean allowUnknown) {}
