package io.gpuctl.api.cluster;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gpuctl.api.events.RecentFacts;
import io.gpuctl.api.events.SchedulerRuns;
import io.gpuctl.api.events.SchedulerRuns.Outcome;
import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.request.JsonFields;
import io.gpuctl.api.request.Parameters;
import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand.RunScheduler;
import io.gpuctl.telemetry.views.PoolView;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /scheduler}. */
@Path("/scheduler")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cluster")
class SchedulerResource {

    private final ClusterViews views;
    private final CommandLog log;
    private final RecentFacts facts;
    private final SchedulerRuns runs;
    private final ClusterClock clock;
    private final ApiSettings settings;

    SchedulerResource(
            ClusterViews views,
            CommandLog log,
            RecentFacts facts,
            SchedulerRuns runs,
            ClusterClock clock,
            ApiSettings settings) {
        this.views = views;
        this.log = log;
        this.facts = facts;
        this.runs = runs;
        this.clock = clock;
        this.settings = settings;
    }

    /** The result of one or several passes. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(description = "What the pass did.")
    record PassResult(
            @Schema(description = "The first 1000 tasks of each pool that got GPUs in this pass.")
            List<PlacedTask> placed,

            @Schema(description = "How many tasks got GPUs.", examples = "1")
            int placedCount,

            @Schema(description = "How many tasks still wait.", examples = "0")
            int queuedCount) {}

    /** A task that got its GPUs. */
    @JsonNaming(SnakeCaseStrategy.class)
    @Schema(description = "What a task got on one node.")
    record PlacedTask(
            @Schema(examples = "task_001") String taskId,
            @Schema(examples = "7") String nodeId,

            @Schema(description = "GPUs by index.", examples = "[0, 1]")
            List<Integer> gpus) {}

    @POST
    @Path("/run")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "runScheduler",
            summary = "Run a scheduling pass now",
            description = "Waits up to 10 seconds for the result. Without pool, runs one pass in each pool.")
    @RequestBody(
            required = false,
            description = "Empty, or an object without fields.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Object.class),
                            examples = @ExampleObject(name = "no options", value = "{}")))
    @APIResponse(
            responseCode = "200",
            description = "The tasks that the pass placed.",
            content = @Content(schema = @Schema(implementation = PassResult.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such pool.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "504",
            description = "The orchestrator did not answer in time.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<PassResult> run(
            @Parameter(description = "Only this pool.") @QueryParam("pool") @Nullable String pool,
            byte @Nullable [] body) {
        var fields = JsonFields.ofOptional(BodyLimit.check(body), "a pass", "{}");
        fields.allow(List.of());
        fields.throwIfWrong();
        var only = Parameters.parsed("pool", pool, PoolId::new);
        if (!facts.hasBegun()) {
            return Uni.createFrom()
                    .failure(ProblemException.of(
                            ProblemType.VIEWS_NOT_READY,
                            "The API does not follow the cluster's events yet: it waits for the broker"));
        }
        return pools(only)
                .chain(pools -> Uni.join()
                        .all(pools.stream().map(this::run).toList())
                        .andFailFast()
                        .map(SchedulerResource::together));
    }

    private Uni<List<PoolId>> pools(Optional<PoolId> only) {
        return views.pools().map(views -> {
            var known = views.stream().map(PoolView::pool).toList();
            if (only.isEmpty()) {
                return known.isEmpty() ? List.of(PoolId.DEFAULT) : known;
            }
            var pool = only.get();
            if (!known.contains(pool) && !pool.equals(PoolId.DEFAULT)) {
                throw ProblemException.of(ProblemType.NOT_FOUND, "There is no pool " + pool + ", but " + known);
            }
            return List.of(pool);
        });
    }

    private Uni<Outcome> run(PoolId pool) {
        return Uni.createFrom().deferred(() -> {
            String requestId = UUID.randomUUID().toString();
            var outcome = runs.await(requestId); // Wait before writing: the answer may arrive before the position.
            return log.append(new RunScheduler(pool, requestId, clock.nowMs()))
                    .chain(() -> Uni.createFrom()
                            .completionStage(outcome)
                            .ifNoItem()
                            .after(settings.schedulerRunTimeout())
                            .fail())
                    .onFailure(TimeoutException.class)
                    .transform(e -> ProblemException.of(
                            ProblemType.NO_ANSWER,
                            ("No orchestrator ran a pass of pool %s within %d s: check that an orchestrator is"
                                            + " running")
                                    .formatted(
                                            pool, settings.schedulerRunTimeout().toSeconds()),
                            e))
                    .onTermination()
                    .invoke(() -> runs.forget(requestId));
        });
    }

    private static PassResult together(List<Outcome> outcomes) {
        var placed = new ArrayList<PlacedTask>();
        int placedCount = 0;
        int queuedCount = 0;
        for (var outcome : outcomes) {
            outcome.placed().forEach(event -> addTo(placed, event));
            placedCount += outcome.ran().placed();
            queuedCount += outcome.ran().queued();
        }
        return new PassResult(placed, placedCount, queuedCount);
    }

    private static void addTo(List<PlacedTask> placed, TaskPlaced event) {
        for (var allocation : event.allocations()) {
            placed.add(
                    new PlacedTask(event.taskId().value(), allocation.nodeId().value(), allocation.gpus()));
        }
    }
}
