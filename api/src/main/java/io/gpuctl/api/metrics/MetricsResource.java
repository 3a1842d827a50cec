package io.gpuctl.api.metrics;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gpuctl.api.nodes.Moment;
import io.gpuctl.api.nodes.NodeLookup;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.metrics.MetricsText;
import io.gpuctl.telemetry.views.NodeView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/**
 * {@code /metrics/nodes} and {@code /metrics/targets}. Quarkus serves the metrics of the process, at {@code /metrics}.
 */
@Path("/metrics")
@Tag(name = "Metrics", description = "Metrics for Prometheus: the GPUs of each node, and the discovery of the nodes.")
class MetricsResource {

    private final ClusterViews views;
    private final NodeLookup lookup;
    private final ScrapeTargets targets;
    private final ClusterClock clock;

    MetricsResource(ClusterViews views, NodeLookup lookup, ScrapeTargets targets, ClusterClock clock) {
        this.views = views;
        this.lookup = lookup;
        this.targets = targets;
        this.clock = clock;
    }

    /** A target in the form of Prometheus' HTTP service discovery. */
    @Schema(description = "A node's metrics as a target of Prometheus' HTTP service discovery.")
    record ScrapeTarget(
            @Schema(
                    description = "One address: the API instance that has the node's telemetry.",
                    examples = "[\"localhost:8080\"]")
            List<String> targets,

            Labels labels) {

        /** Labels of all series of the target. */
        @Schema(name = "ScrapeTargetLabels", description = "Labels of all series of this target.")
        record Labels(
                @Schema(description = "The path of the node's metrics page.", examples = "/metrics/nodes/7")
                @JsonProperty("__metrics_path__")
                String path,

                @Schema(description = "The node's id, which Prometheus uses as the instance.", examples = "7")
                String instance,

                @Schema(examples = "default") String pool,

                @Schema(description = "The node's rack; empty if the node is in no rack.")
                String rack) {}
    }

    @GET
    @Path("/nodes/{id}")
    @Produces(MetricsText.MEDIA_TYPE)
    @Operation(
            operationId = "getNodeMetrics",
            summary = "A node's GPUs for Prometheus",
            description = "In the text format 0.0.4: all that dcgm-exporter serves for a node, with the same names and"
                    + " labels, and gpuctl's own metrics. A node that is not up, or that has sent nothing"
                    + " for five seconds, has no DCGM series, and gpuctl_gpu_up is 0.")
    @APIResponse(
            responseCode = "200",
            description = "The page.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_PLAIN,
                            schema = @Schema(implementation = String.class, examples = "gpuctl_gpu_up{gpu=\"0\"} 1")))
    @APIResponse(
            responseCode = "404",
            description = "There is no such node, or it has shut down.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<byte[]> node(@RestPath String id) {
        return lookup.node(id)
                .map(MetricsResource::unlessShutDown)
                .chain(view -> views.telemetry(view.inventory().nodeId())
                        .map(sample ->
                                NodePage.of(view, sample.orElse(null), Moment.of(clock, List.of()), clock.speed())));
    }

    /** Returns the node; fails with 404 if it has shut down. Its series end, because it was turned off on purpose. */
    private static NodeView unlessShutDown(NodeView view) {
        if (view.state() == NodeState.DOWN) {
            throw ProblemException.of(
                    ProblemType.NOT_FOUND,
                    "Node %s has shut down: it has no metrics"
                            .formatted(view.inventory().nodeId()));
        }
        return view;
    }

    @GET
    @Path("/targets")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "listScrapeTargets",
            summary = "Where Prometheus finds the nodes",
            description = "For http_sd_configs: one target for each node that has not shut down, at the API instance"
                    + " that has the node's telemetry; the label instance is the node's id. Every API"
                    + " instance returns the same list, and Prometheus drops duplicate targets, so"
                    + " Prometheus reads each node once.")
    @APIResponse(
            responseCode = "200",
            description = "All nodes.",
            content = @Content(schema = @Schema(implementation = ScrapeTarget[].class)))
    public Uni<List<ScrapeTarget>> targets() {
        return targets.all();
    }
}
