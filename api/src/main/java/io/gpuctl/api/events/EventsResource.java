package io.gpuctl.api.events;

import io.gpuctl.api.events.EventStream.EventSources;
import io.gpuctl.api.problem.Parameters;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.events.TaskId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** {@code /events}. */
@Path("/events")
@Singleton
@Tag(name = "Events", description = "What happens, as it happens.")
class EventsResource {

    /** Each holds a consumer with its buffers; the next client waits. */
    private static final int ARCHIVE_READERS_MAX = 4;

    private static final Duration SLOW_AFTER = Duration.ofSeconds(1);
    private static final Duration GONE_AFTER = Duration.ofSeconds(30);

    private final RecentFacts recent;
    private final EventSources sources;
    private final Semaphore places;
    private final ConcurrentHashMap<Thread, Boolean> threads = new ConcurrentHashMap<>();

    EventsResource(RecentFacts recent, FactArchive archive, ApiSettings settings) {
        this.recent = recent;
        sources = new EventSources(
                recent, archive, new Semaphore(ARCHIVE_READERS_MAX), settings.eventHeartbeat(), SLOW_AFTER, GONE_AFTER);
        places = new Semaphore(settings.eventClientsMax());
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    // nginx would hold events back to fill its buffer.
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-cache")
    @Operation(
            summary = "Follow task events",
            description =
                    "Server-sent events: the event is the fact's type, such as task_placed, the data the fact as in"
                            + " the topic cluster-events, the id a place in the log. With Last-Event-ID the stream goes on after"
                            + " that place, without a gap and without repetition, at any instance; 0-0-0-0 is the beginning of"
                            + " the log. In quiet times comments keep the connection open.")
    @APIResponse(
            responseCode = "200",
            description = "The stream.",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(
            responseCode = "400",
            description = "Last-Event-ID is none of ours.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Multi<OutboundSseEvent> events(
            @Parameter(description = "Only events of this task.") @QueryParam("task") @Nullable String task,
            @Parameter(description = "Go on after the event with this id.") @HeaderParam("Last-Event-ID") @Nullable
                    String lastEventId,
            Sse sse,
            UriInfo uri) {
        Parameters.allow(uri, "task");
        var only = Parameters.parsed("task", task, TaskId::new).orElse(null);
        var place = recent.newest();
        if (lastEventId != null && !lastEventId.isBlank()) {
            place = LogPlace.parse(lastEventId);
        }
        if (!places.tryAcquire()) {
            throw ProblemException.of(ProblemType.TOO_BUSY, "Too many clients follow the events; try again");
        }
        var from = place;
        return Multi.createFrom().emitter(client -> start(sse, client, from, only), BackPressureStrategy.ERROR);
    }

    private void start(Sse sse, MultiEmitter<? super OutboundSseEvent> client, LogPlace from, @Nullable TaskId only) {
        var thread =
                Thread.ofVirtual().name("events-client").unstarted(new EventStream(sources, sse, client, from, only));
        threads.put(thread, true);
        client.onTermination(() -> {
            if (threads.remove(thread) != null) {
                places.release();
                thread.interrupt();
            }
        });
        thread.start();
    }

    @PreDestroy
    void close() {
        threads.keySet().forEach(Thread::interrupt);
    }
}
