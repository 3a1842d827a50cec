package io.gpuctl.api.nodes;

import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.telemetry.views.NodeUpkeep.Cordon;
import io.gpuctl.telemetry.views.NodeView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Takes nodes out of service, and puts them back. Each request is sent to the orchestrator, even if the views show the
 * requested state: the views may be a moment old, and a request that changes nothing does no harm. The annotations of
 * the class describe the answers of all these routes.
 */
@Path("/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Nodes")
@APIResponse(
        responseCode = "202",
        description = "The orchestrator was asked; the answer is the node's current state.",
        content = @Content(schema = @Schema(implementation = Node.class)))
@APIResponse(
        responseCode = "200",
        description = "The node is already in the requested state.",
        content = @Content(schema = @Schema(implementation = Node.class)))
@APIResponse(
        responseCode = "404",
        description = "There is no such node.",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
class NodeOperationsResource {

    private final NodeLookup lookup;
    private final ShownNodes shown;
    private final CommandLog commands;
    private final ClusterClock clock;

    NodeOperationsResource(NodeLookup lookup, ShownNodes shown, CommandLog commands, ClusterClock clock) {
        this.lookup = lookup;
        this.shown = shown;
        this.commands = commands;
        this.clock = clock;
    }

    /** Makes a command of a node, a reason and a time. */
    private interface Command {
        TaskCommand of(PoolId pool, NodeId nodeId, String reason, long atMs);
    }

    @POST
    @Path("/{id}/cordon")
    @Operation(
            operationId = "cordonNode",
            summary = "Cordon a node",
            description = "The node gets no new tasks; its running tasks continue. Only an operator can uncordon"
                    + " the node.")
    @RequestBodySchema(NodeOperations.ReasonBody.class)
    public Uni<Response> cordon(@RestPath String id, byte @Nullable [] body) {
        return ask(id, body, TaskCommand.CordonNode::new, NodeOperationsResource::isOperators);
    }

    @POST
    @Path("/{id}/drain")
    @Operation(
            operationId = "drainNode",
            summary = "Drain a node",
            description =
                    "The node gets no new tasks, and its running tasks are stopped and continue on other nodes from"
                            + " their saved work. Once no task is left, cordon.drained is true.")
    @RequestBodySchema(NodeOperations.ReasonBody.class)
    public Uni<Response> drain(@RestPath String id, byte @Nullable [] body) {
        return ask(id, body, TaskCommand.DrainNode::new, cordon -> isOperators(cordon) && drains(cordon));
    }

    @POST
    @Path("/{id}/uncordon")
    @Operation(
            operationId = "uncordonNode",
            summary = "Uncordon a node",
            description = "The node gets tasks again, whether an operator or the scheduler cordoned it.")
    @RequestBodySchema(NodeOperations.ReasonBody.class)
    public Uni<Response> uncordon(@RestPath String id, byte @Nullable [] body) {
        return ask(id, body, TaskCommand.UncordonNode::new, cordon -> cordon == null);
    }

    private Uni<Response> ask(
            String id, byte @Nullable [] body, Command command, Predicate<@Nullable Cordon> isSoAlready) {
        Function<NodeView, Uni<? extends Response>> asked = view -> {
            String reason = NodeOperations.reason(BodyLimit.check(body));
            var inventory = view.inventory();
            boolean isSo = isSoAlready.test(view.upkeep().cordon());
            return shown.all(List.of(view))
                    .chain(nodes -> commands.append(
                                    command.of(inventory.pool(), inventory.nodeId(), reason, clock.nowMs()))
                            .map(_ -> Response.status(isSo ? Status.OK : Status.ACCEPTED)
                                    .entity(nodes.getFirst())
                                    .build()));
        };
        return lookup.node(id).chain(asked);
    }

    private static boolean isOperators(@Nullable Cordon cordon) {
        return cordon != null && cordon.cause() == CordonCause.OPERATOR;
    }

    private static boolean drains(@Nullable Cordon cordon) {
        return cordon != null && cordon.drain();
    }
}
