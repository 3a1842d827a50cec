package io.gpuctl.api.tasks;

import io.gpuctl.api.answer.JsonAnswer;
import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.request.Paging;
import io.gpuctl.api.request.Parameters;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.TaskState;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.views.TaskView;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** {@code /tasks}. */
@Path("/tasks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tasks", description = "Submit tasks and follow their progress.")
class TasksResource {

    private static final MediaType JSON_LINES = MediaType.valueOf(TaskBatches.JSON_LINES);

    private final TaskSubmissions submissions;
    private final TaskBatches batches;
    private final TaskCancellations cancellations;
    private final TaskLookup lookup;
    private final ClusterViews views;
    private final ShownTasks shown;
    private final ClusterClock clock;

    TasksResource(
            TaskSubmissions submissions,
            TaskBatches batches,
            TaskCancellations cancellations,
            TaskLookup lookup,
            ClusterViews views,
            ShownTasks shown,
            ClusterClock clock) {
        this.submissions = submissions;
        this.batches = batches;
        this.cancellations = cancellations;
        this.lookup = lookup;
        this.views = views;
        this.shown = shown;
        this.clock = clock;
    }

    @POST
    @Consumes({MediaType.APPLICATION_JSON, TaskBatches.JSON_LINES})
    @Operation(
            operationId = "submitTask",
            summary = "Submit a task, or many",
            description = "Answers when the submission is durable. A repeated identical submission gets the same"
                    + " answer as the first. A different submission is refused with 409 if it has the same"
                    + " id, and with 422 if it has the same Idempotency-Key. A JSON array, or JSON Lines, submits up to"
                    + " 10,000 tasks (8 MiB): each task on its own, so the answer is 200 with a line for each task.")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(ref = "TaskSubmissions"),
                        examples =
                                @ExampleObject(
                                        name = "a training job",
                                        value =
                                                "{\"task_id\":\"task_001\",\"duration\":60,\"memory_required\":16,\"priority\":\"high\"}")),
                @Content(
                        mediaType = TaskBatches.JSON_LINES,
                        schema = @Schema(ref = "TaskSubmission"),
                        examples =
                                @ExampleObject(
                                        name = "two tasks",
                                        value =
                                                "{\"task_id\":\"a\",\"duration\":60}\n{\"task_id\":\"b\",\"gpus\":2}\n"))
            })
    @APIResponse(
            responseCode = "200",
            description = "Several tasks: a line for each task, in the order of the request.",
            content =
                    @Content(mediaType = TaskBatches.JSON_LINES, schema = @Schema(implementation = TaskOutcome.class)))
    @APIResponse(
            responseCode = "201",
            description = "The task; Location is its URL.",
            content = @Content(schema = @Schema(implementation = Task.class)))
    @APIResponse(
            responseCode = "400",
            description = "The body is not JSON, or a field has the wrong JSON type.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "The id belongs to another task.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description = "The body has more than 64 KiB; if it has several tasks, more than 8 MiB or 10,000 tasks.")
    @APIResponse(
            responseCode = "422",
            description =
                    "An unknown field, a value that is not allowed, a task that fits on no node, or an Idempotency-Key of"
                            + " another submission.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "The Kafka broker does not answer, or the views are not"
                    + " ready; Retry-After says when to retry.")
    public Uni<Response> submit(
            @Parameter(
                            description = "Determines the task's id if the body has none: submissions with the same"
                                    + " key are the same task. Of several tasks, the line counts too.")
                    @HeaderParam("Idempotency-Key")
                    @Nullable
                    String idempotencyKey,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            byte @Nullable [] body) {
        byte[] given = body == null ? new byte[0] : body;
        boolean isLines = MediaType.valueOf(String.valueOf(contentType)).isCompatible(JSON_LINES);
        return isLines || startsAnArray(given)
                ? submitAll(idempotencyKey, isLines, given)
                : submitOne(idempotencyKey, BodyLimit.check(given));
    }

    private static boolean startsAnArray(byte[] body) {
        for (byte letter : body) {
            if (letter != ' ' && letter != '\t' && letter != '\r' && letter != '\n') {
                return letter == '[';
            }
        }
        return false;
    }

    private Uni<Response> submitAll(@Nullable String idempotencyKey, boolean isLines, byte[] body) {
        return batches.submit(body, isLines, line -> TaskIds.of(idempotencyKey, line), idempotencyKey == null)
                .map(lines -> Response.ok(lines, TaskBatches.JSON_LINES).build());
    }

    private Uni<Response> submitOne(@Nullable String idempotencyKey, byte[] body) {
        return Uni.createFrom().deferred(() -> {
            var generatedId = TaskIds.of(idempotencyKey);
            var submission = TaskRequest.parse(body, () -> generatedId);
            var spec = submission.task();
            boolean isIdOurs = spec.taskId().equals(generatedId);
            return submissions
                    .submit(submission, idempotencyKey == null && isIdOurs)
                    .onFailure(e -> idempotencyKey != null && isIdOurs && isTaken(e))
                    .transform(_ -> keyReused(String.valueOf(idempotencyKey)))
                    .map(view -> Response.created(URI.create("/tasks/" + spec.taskId()))
                            .entity(shown(view))
                            .build());
        });
    }

    private static boolean isTaken(Throwable failure) {
        return failure instanceof ProblemException e && e.problem().type().equals(ProblemType.TASK_EXISTS.uri());
    }

    private static ProblemException keyReused(String key) {
        return ProblemException.of(
                ProblemType.KEY_REUSED,
                FieldError.of("Idempotency-Key", key, "a new key, or the key of an identical earlier submission"));
    }

    @GET
    @Operation(operationId = "listTasks", summary = "List tasks", description = "Oldest first, a page at a time.")
    @APIResponse(
            responseCode = "200",
            description = "A page.",
            content = @Content(schema = @Schema(implementation = TaskList.class)))
    public Uni<TaskList> list(
            @Parameter(
                            description = "Return only tasks in this state.",
                            schema = @Schema(implementation = TaskState.class))
                    @QueryParam("state")
                    @Nullable
                    String state,
            @Parameter(
                            description = "Tasks" + Paging.RANGE + Paging.DEFAULT + " A page has fewer tasks if they"
                                    + " are on very many nodes.")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int size = Paging.size(limit);
        var only = state == null ? null : state(state);
        var after = TaskList.after(cursor);
        return views.tasks(only, after, size, Views.Order.OLDEST_FIRST)
                .map(page -> TaskList.of(page, size, clock.nowMs()));
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getTask", summary = "One task", description = "The task's current state.")
    @APIResponse(
            responseCode = "200",
            description = "The task.",
            content = @Content(schema = @Schema(implementation = Task.class)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such task. Every submission acknowledged before this request was considered.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<JsonAnswer> task(@RestPath String id) {
        return lookup.task(id).chain(shown::one);
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "cancelTask",
            summary = "Cancel a task",
            description = "Possible in any state that is not final.")
    @APIResponse(
            responseCode = "202",
            description = "The orchestrator was asked to cancel the task; the answer is the task's current state.",
            content = @Content(schema = @Schema(implementation = Task.class)))
    @APIResponse(
            responseCode = "200",
            description = "The task is already cancelled.",
            content = @Content(schema = @Schema(implementation = Task.class)))
    @APIResponse(
            responseCode = "409",
            description = "The task ended in another state.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> cancel(@RestPath String id) {
        return lookup.task(id)
                .chain(view -> cancellations
                        .cancel(view)
                        .map(asked -> Response.status(asked ? Status.ACCEPTED : Status.OK)
                                .entity(shown(view))
                                .build()));
    }

    @GET
    @Path("/{id}/events")
    @Operation(
            operationId = "listTaskEvents",
            summary = "The task's history",
            description = "The facts about the task in the cluster's log, oldest first, a page at a time. Once a"
                    + " history holds 200 facts, it takes only facts that change the task's state;"
                    + " events_omitted counts the others. GET /events?task=ID with Last-Event-ID: 0-0-0-0"
                    + " returns all facts.")
    @APIResponse(
            responseCode = "200",
            description = "A page.",
            content = @Content(schema = @Schema(implementation = TaskEvents.class)))
    public Uni<TaskEvents> events(
            @RestPath String id,
            @Parameter(
                            description = "Facts" + Paging.RANGE + Paging.DEFAULT + " A page has fewer facts if they"
                                    + " are very large.")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int size = Paging.size(limit);
        long after = Paging.afterSequence(cursor);
        return lookup.task(id)
                .chain(task ->
                        views.history(task, after, size).map(facts -> TaskEvents.of(facts, size, task.factsOmitted())));
    }

    private Task shown(TaskView view) {
        return Task.of(view, clock.nowMs());
    }

    private static TaskState state(String given) {
        for (var state : TaskState.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(given)) {
                return state;
            }
        }
        String allowed = Arrays.stream(TaskState.values())
                .map(state -> state.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ", "one of ", ""));
        throw Parameters.invalid("state", given, allowed);
    }
}
