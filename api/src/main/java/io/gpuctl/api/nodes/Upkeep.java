package io.gpuctl.api.nodes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.telemetry.views.NodeUpkeep;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Which parts of a node may be used, and what its GPUs have reported, as clients see it. */
final class Upkeep {

    private Upkeep() {}

    /** The cordon of a node, which gets no new tasks. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "NodeCordon", description = "A cordon, which keeps new tasks off a node.")
    record Cordoned(
            CordonCause cause,

            @Schema(description = "Whether running tasks are stopped and continue on other nodes.")
            boolean drain,

            @Schema(description = "Whether the node is drained and no task is left on it.")
            boolean drained,

            @Schema(
                    description = "The reason, as text for operators.",
                    examples = "XID 48, double bit ECC error: memory is corrupt")
            String detail,

            Instant since,

            @Schema(
                    description = "When the cordon ends by itself; absent if only an operator or a restart of the node"
                            + " ends it.")
            @Nullable
            Instant until) {

        static @Nullable Cordoned of(NodeUpkeep.@Nullable Cordon cordon) {
            return cordon == null
                    ? null
                    : new Cordoned(
                            cordon.cause(),
                            cordon.drain(),
                            cordon.drained(),
                            cordon.detail(),
                            Instant.ofEpochMilli(cordon.sinceMs()),
                            cordon.untilMs() == 0 ? null : Instant.ofEpochMilli(cordon.untilMs()));
        }
    }

    /** A GPU that is out of service. */
    @Schema(name = "GpuOut", description = "A GPU that does not work.")
    record Out(
            @Schema(description = "Index of the GPU.", examples = "3")
            int gpu,

            @Schema(examples = "XID 79, GPU has fallen off the bus")
            String detail,

            Instant since) {

        static List<Out> of(NodeUpkeep upkeep) {
            return upkeep.gpusOut().entrySet().stream()
                    .map(out -> new Out(
                            out.getKey(),
                            out.getValue().detail(),
                            Instant.ofEpochMilli(out.getValue().sinceMs())))
                    .toList();
        }
    }

    /** A driver error. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "GpuXid", description = "The last driver error of a GPU.")
    record LastXid(
            @Schema(description = "Index of the GPU; -1 if the error is the node's.", examples = "3")
            int gpu,

            @Schema(examples = "79") int xid,

            @Schema(
                    description = "Meaning of the error in NVIDIA's catalogue.",
                    examples = "GPU has fallen off the bus")
            String meaning,

            String detail,
            Instant at) {

        static List<LastXid> of(NodeUpkeep upkeep) {
            return upkeep.lastXids().entrySet().stream()
                    .map(last -> new LastXid(
                            last.getKey(),
                            last.getValue().xid(),
                            XidCatalogue.of(last.getValue().xid()).meaning(),
                            last.getValue().detail(),
                            Instant.ofEpochMilli(last.getValue().atMs())))
                    .toList();
        }
    }
}
