package io.gpuctl.api.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.api.kafka.FaultLog;
import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.EventJson;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Injects faults on simulated nodes. */
@Path("/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Nodes")
class NodeFaultsResource {

    private final NodeLookup lookup;
    private final FaultLog faults;
    private final ClusterClock clock;

    NodeFaultsResource(NodeLookup lookup, FaultLog faults, ClusterClock clock) {
        this.lookup = lookup;
        this.faults = faults;
        this.clock = clock;
    }

    @POST
    @Path("/{id}/faults")
    @Operation(
            operationId = "injectFault",
            summary = "Inject a fault",
            description =
                    "Works on simulated nodes only. Answers when the fault is written; the events show its effects.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = NodeOperations.FaultBody.class)))
    @APIResponse(
            responseCode = "202",
            description = "The fault as it was written.",
            content = @Content(schema = @Schema(implementation = NodeOperations.Written.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such node.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "An unknown field, or a value that is not allowed.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> inject(@RestPath String id, byte @Nullable [] body) {
        return lookup.node(id).chain(view -> {
            var fault = NodeOperations.fault(BodyLimit.check(body), view, clock.nowMs());
            return faults.append(fault)
                    .map(_ -> Response.status(Status.ACCEPTED)
                            .entity(EventJson.mapper().<JsonNode>valueToTree(fault))
                            .build());
        });
    }
}
