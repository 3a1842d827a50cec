package io.gpuctl.api.nodes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.answer.JsonAnswer;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.request.Page;
import io.gpuctl.api.request.Paging;
import io.gpuctl.api.request.Parameters;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NodeId;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.conditions.TelemetryWindows;
import io.gpuctl.telemetry.views.NodeView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** {@code /nodes}. */
@Path("/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Nodes", description = "The machines, their GPUs, and what runs on them.")
class NodesResource {

    /** Maximum page size with telemetry, which makes a node twenty times as long. */
    private static final int MEASURED_LIMIT_MAX = 100;

    private static final String TELEMETRY = "telemetry";
    private static final int MS_PER_SECOND = 1000;
    private static final int WINDOW_SECONDS_MIN = 10;
    private static final int WINDOW_SECONDS_MAX = (int) (TelemetryWindows.KEPT_MS / MS_PER_SECOND);

    private final ClusterViews views;
    private final NodeLookup lookup;
    private final ShownNodes shown;
    private final ClusterClock clock;

    NodesResource(ClusterViews views, NodeLookup lookup, ShownNodes shown, ClusterClock clock) {
        this.views = views;
        this.lookup = lookup;
        this.shown = shown;
        this.clock = clock;
    }

    /** A page of nodes. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(description = "A page of nodes, by id as text.")
    record NodeList(List<Node> nodes, @Nullable String nextCursor) implements Page {}

    /** The measurements of a node's GPUs in the last hour. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(description = "Measurements of a node's GPUs in the last hour.")
    record TelemetryHistory(String nodeId, List<Window> windows) {}

    /** The measurements of ten seconds. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(name = "TelemetryWindow", description = "Measurements of a node's GPUs in ten seconds of cluster time.")
    record Window(
            Instant start,
            @Schema(description = "Number of measurements.") int samples,

            @Schema(description = "Mean over all GPUs, 0 to 1.")
            double meanUtilization,

            @Schema(description = "All GPUs together.") double meanPowerWatts,
            @Schema(description = "All GPUs together.") double maxPowerWatts,
            double meanTemperatureCelsius,
            @Schema(description = "Of the hottest GPU.") double maxTemperatureCelsius,

            @Schema(description = "Share of measurements at a clock lowered by heat, 0 to 1.")
            double throttledShare) {

        static Window of(TelemetryWindow window) {
            return new Window(
                    Instant.ofEpochMilli(window.startMs()),
                    window.samples(),
                    window.meanUtilization(),
                    window.meanPowerWatts(),
                    window.maxPowerWatts(),
                    window.meanTemperatureCelsius(),
                    window.maxTemperatureCelsius(),
                    window.throttledShare());
        }
    }

    @GET
    @Operation(
            operationId = "listNodes",
            summary = "List nodes",
            description = "By id as text, a page at a time; with include=telemetry, each node with the"
                    + " measurements of its GPUs.")
    @APIResponse(
            responseCode = "200",
            description = "A page.",
            content = @Content(schema = @Schema(implementation = NodeList.class)))
    public Uni<NodeList> list(
            @Parameter(
                            description = "Nodes" + Paging.RANGE + ", with telemetry 1 to " + MEASURED_LIMIT_MAX
                                    + Paging.DEFAULT + " A page has fewer nodes if very many tasks run on them.")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Parameter(
                            description = "Additional data for each node.",
                            schema = @Schema(type = SchemaType.STRING, enumeration = TELEMETRY))
                    @QueryParam("include")
                    @Nullable
                    String include) {
        boolean isMeasured = include != null;
        if (include != null && !include.equals(TELEMETRY)) {
            throw Parameters.invalid("include", include, TELEMETRY);
        }
        int size = Paging.size(limit, isMeasured ? MEASURED_LIMIT_MAX : Paging.LIMIT_MAX);
        var after = Paging.after(cursor, NodeId::new);
        return views.nodes(after, size)
                .chain(page -> (isMeasured ? shown.measured(page) : shown.all(page))
                        .map(nodes -> new NodeList(nodes, nextCursor(page, size))));
    }

    private static @Nullable String nextCursor(List<NodeView> page, int size) {
        return Paging.next(
                page,
                size,
                NodeView::attemptCount,
                node -> node.inventory().nodeId().value());
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getNode",
            summary = "One node",
            description = "With the last measurements of its" + " GPUs.")
    @APIResponse(
            responseCode = "200",
            description = "The node.",
            content = @Content(schema = @Schema(implementation = Node.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such node.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<JsonAnswer> node(@RestPath String id) {
        return lookup.node(id).chain(shown::one);
    }

    @GET
    @Path("/{id}/events")
    @Operation(
            operationId = "listNodeEvents",
            summary = "The node's history",
            description = "The newest 100 facts about the node in the cluster's log, oldest first, a page at a time:"
                    + " starts, silences, faults, GPUs out and back, cordons, drains and their ends."
                    + " events_omitted counts older facts. The history has no measurements of GPUs and no"
                    + " single reports of a slow node. GET /events?node=ID with Last-Event-ID: 0-0-0-0"
                    + " returns all facts.")
    @APIResponse(
            responseCode = "200",
            description = "A page.",
            content = @Content(schema = @Schema(implementation = NodeEvents.class)))
    public Uni<NodeEvents> events(
            @RestPath String id,
            @Parameter(description = "Facts" + Paging.RANGE + Paging.DEFAULT) @QueryParam("limit") @Nullable
                    String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int size = Paging.size(limit);
        long after = Paging.afterSequence(cursor);
        return lookup.node(id).chain(node -> views.history(node)).map(history -> NodeEvents.of(history, after, size));
    }

    @GET
    @Path("/{id}/telemetry")
    @Operation(
            operationId = "getNodeTelemetry",
            summary = "Measurements of the node's GPUs in the last hour",
            description = "In windows of ten seconds, kept for an hour.")
    @APIResponse(
            responseCode = "200",
            description = "Windows in order of time; windows without measurements are missing.",
            content = @Content(schema = @Schema(implementation = TelemetryHistory.class)))
    public Uni<TelemetryHistory> telemetry(
            @RestPath String id,
            @Parameter(
                            description = "Length of the history, seconds of cluster time; " + WINDOW_SECONDS_MAX
                                    + " if absent.",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "" + WINDOW_SECONDS_MIN,
                                            maximum = "" + WINDOW_SECONDS_MAX))
                    @QueryParam("window")
                    @Nullable
                    String window) {
        int seconds =
                Parameters.wholeNumber("window", window, WINDOW_SECONDS_MAX, WINDOW_SECONDS_MIN, WINDOW_SECONDS_MAX);
        return lookup.node(id).chain(view -> {
            long nowMs = clock.nowMs();
            // At a high speed the newest sample is ahead of this moment by the time it is read.
            long toMs = nowMs + TelemetryWindows.KEPT_MS;
            return views.windows(view.inventory().nodeId(), nowMs - (long) seconds * MS_PER_SECOND, toMs)
                    .map(windows -> new TelemetryHistory(
                            id, windows.stream().map(Window::of).toList()));
        });
    }
}
