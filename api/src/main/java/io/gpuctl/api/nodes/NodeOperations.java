package io.gpuctl.api.nodes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.request.JsonFields;
import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.Work;
import io.gpuctl.events.Xid;
import io.gpuctl.telemetry.views.NodeView;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The request bodies of operations on a node: their forms for the API's description, and their parsers. */
final class NodeOperations {

    private static final long MS_PER_SECOND = 1_000;
    private static final BigDecimal FACTOR_BELOW = BigDecimal.ONE;

    private NodeOperations() {}

    /** The reason why an operator cordons, drains or uncordons a node. */
    @Schema(name = "NodeOperation", description = "The reason for the request; the body may be missing.")
    record ReasonBody(
            @Schema(
                    description = "The reason, as text for operators.",
                    maxLength = TaskCommand.REASON_LENGTH_MAX,
                    examples = "fan replaced")
            @Nullable
            String reason) {}

    /** The fault to inject. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "FaultToInject", description = "The fault to inject on a simulated node.")
    record FaultBody(
            @Schema(
                    description = "Kind of the fault; xid if absent.",
                    implementation = FaultKind.class,
                    defaultValue = "xid")
            @Nullable
            String kind,

            @Schema(
                    description = "Number of the driver error; required for the kind xid, and not allowed for"
                            + " other kinds.",
                    examples = "79")
            @Nullable
            Integer xid,

            @Schema(
                    description = "Index of the GPU; -1, or absent, for the whole node.",
                    minimum = "-1",
                    examples = "0")
            @Nullable
            Integer gpu,

            @Schema(
                    description = "Seconds of cluster time until the repair; chosen at random if 0 or absent.",
                    minimum = "0",
                    examples = "120")
            @Nullable
            BigDecimal duration,

            @Schema(
                    description = "Only for the kind straggler: speed of the work, as a fraction of what the"
                            + " clock gives; chosen at random if 0 or absent.",
                    minimum = "0",
                    maximum = "1",
                    exclusiveMaximum = true,
                    examples = "0.5")
            @Nullable
            BigDecimal factor) {}

    /** A fault in the form of the topic fault-injections, only for the API's description. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "InjectedFault", description = "A fault as it was written for the simulator.")
    record Written(
            @Schema(examples = "default") String pool,
            @Schema(examples = "7") String nodeId,

            FaultKind kind,

            @Schema(description = "Number of the driver error; 0 if the fault is no driver error.", examples = "79")
            int xid,

            @Schema(description = "Index of the GPU, -1 for the whole node.", examples = "0")
            int gpu,

            @Schema(
                    description = "Time until the repair, ms of cluster time; 0: chosen at random.",
                    examples = "120000")
            long durationMs,

            @Schema(
                    description = "Speed of a straggler's work, as a fraction of what the clock gives; 0: chosen"
                            + " at random.")
            double factor,

            @Schema(description = "When the fault was requested, ms of cluster time.")
            long atMs) {}

    /** Returns the reason in the body; empty if there is none. */
    static String reason(byte[] body) {
        var fields = JsonFields.ofOptional(body, "this request", "{\"reason\": \"fan replaced\"}");
        fields.allow(List.of("reason"));
        String reason = fields.text("reason").orElse("");
        if (reason.length() > TaskCommand.REASON_LENGTH_MAX) {
            fields.note("reason", "at most " + TaskCommand.REASON_LENGTH_MAX + " characters");
        }
        fields.throwIfWrong();
        return reason;
    }

    /** Returns the fault that the body describes; fails with all errors in the body. */
    static FaultInjection fault(byte[] body, NodeView node, long atMs) {
        var fields = JsonFields.of(body, "a fault", "{\"kind\": \"xid\", \"xid\": 79, \"gpu\": 0}");
        fields.allow(List.of("kind", "xid", "gpu", "duration", "factor"));
        FaultKind kind = fields.oneOf(FaultKind.class, "kind").orElse(FaultKind.XID);
        int xid = xid(kind, fields);
        int gpu = gpu(kind, node, fields);
        long durationMs = fields.secondsAsMs("duration", Work.MAX_DURATION_MS / MS_PER_SECOND)
                .orElse(0L);
        double factor = factor(kind, fields);
        fields.throwIfWrong();
        return new FaultInjection(
                node.inventory().pool(), node.inventory().nodeId(), kind, xid, gpu, durationMs, factor, atMs);
    }

    private static int xid(FaultKind kind, JsonFields fields) {
        int xid = fields.whole("xid", 1, Xid.ASKED_MAX).orElse(0L).intValue();
        if (kind == FaultKind.XID && !fields.has("xid")) {
            fields.note("xid", "the number of a driver error, for example 79");
        } else if (kind != FaultKind.XID && fields.has("xid")) {
            fields.note("xid", "absent unless kind is xid");
            return 0;
        }
        return xid;
    }

    private static int gpu(FaultKind kind, NodeView node, JsonFields fields) {
        int gpu = fields.whole("gpu", -1, node.inventory().gpuCount() - 1L)
                .orElse(-1L)
                .intValue();
        if (gpu >= 0 && !kind.canStrikeOneGpu()) {
            fields.note("gpu", "absent: this kind affects the whole node");
            return -1;
        }
        return gpu;
    }

    private static double factor(FaultKind kind, JsonFields fields) {
        var factor = fields.number("factor", "a number", 0, 1);
        if (kind != FaultKind.STRAGGLER && fields.has("factor")) {
            fields.note("factor", "absent unless kind is straggler");
            return 0;
        }
        if (factor.isPresent() && factor.get().compareTo(FACTOR_BELOW) >= 0) {
            fields.note("factor", "a number from 0 to less than 1");
            return 0;
        }
        return factor.map(BigDecimal::doubleValue).orElse(0.0);
    }
}
