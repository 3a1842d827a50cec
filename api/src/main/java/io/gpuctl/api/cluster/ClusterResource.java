package io.gpuctl.api.cluster;

import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.api.views.RunningTasks;
import io.gpuctl.events.ClusterClock;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /cluster}. */
@Path("/cluster")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster", description = "The cluster as a whole.")
class ClusterResource {

    private final ClusterViews views;
    private final RunningTasks running;
    private final ClusterClock clock;

    ClusterResource(ClusterViews views, RunningTasks running, ClusterClock clock) {
        this.views = views;
        this.running = running;
        this.clock = clock;
    }

    @GET
    @Path("/status")
    @Operation(
            operationId = "getClusterStatus",
            summary = "The cluster's status",
            description = "In total, and for each pool.")
    @APIResponse(
            responseCode = "200",
            description = "The status.",
            content = @Content(schema = @Schema(implementation = ClusterStatus.class)))
    public Uni<ClusterStatus> status() {
        return Uni.combine()
                .all()
                .unis(views.pools(), views.telemetrySummary(), running.use())
                .with((pools, summary, use) -> ClusterStatus.of(clock, pools, summary, use));
    }
}
