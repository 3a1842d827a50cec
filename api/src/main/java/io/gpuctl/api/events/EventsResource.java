package io.gpuctl.api.events;

import io.gpuctl.api.connections.ClientAddress;
import io.gpuctl.api.events.EventStream.EventSources;
import io.gpuctl.api.health.Stopping;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.request.Parameters;
import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.metrics.Metric;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
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
@Tag(name = "Events", description = "Events of tasks and nodes as they happen.")
class EventsResource {

    private static final Duration SLOW_AFTER = Duration.ofSeconds(1);
    private static final Duration GONE_AFTER = Duration.ofSeconds(30);

    private final RecentFacts recent;
    private final EventSources sources;
    private final Places places;
    private final ConcurrentHashMap<Thread, Boolean> threads = new ConcurrentHashMap<>();

    EventsResource(
            RecentFacts recent, FactArchive archive, EndedClients ended, MeterRegistry metrics, ApiSettings settings) {
        this.recent = recent;
        sources = new EventSources(recent, archive, ended, settings.eventHeartbeat(), SLOW_AFTER, GONE_AFTER);
        // Leave connections for all other requests.
        int clientsMax = Math.max(1, Math.min(settings.eventClientsMax(), settings.connectionsMax() / 2));
        places = new Places(clientsMax, Math.max(1, clientsMax / 2));
        Gauge.builder("gpuctl.events.clients", places, Places::taken)
                .description(Metric.EVENT_CLIENTS.help())
                .register(metrics);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    // nginx would hold events back to fill its buffer.
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-cache")
    @Operation(
            operationId = "followEvents",
            summary = "Follow what happens to tasks and nodes",
            description = "Server-sent events: the event is the fact's type, such as task_placed or node_lost; the"
                    + " data is the fact as in the topic cluster-events; the id is a place in the log. With"
                    + " Last-Event-ID, the stream continues after that place, without gaps or repetitions,"
                    + " at any instance; 0-0-0-0 is the beginning of the log. If the log does not have the"
                    + " place, an event named reset says so and names the place from which the stream"
                    + " continues. Comments keep a quiet connection open. A client that does not read is"
                    + " disconnected. If there are too many clients, or too many from one address, the"
                    + " oldest client is disconnected.")
    @APIResponse(
            responseCode = "200",
            description = "The stream.",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(
            responseCode = "400",
            description = "Last-Event-ID is not an id of this stream.",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Multi<OutboundSseEvent> events(
            @Parameter(description = "Only events of this task; together with node, events of either.")
                    @QueryParam("task")
                    @Nullable
                    String task,
            @Parameter(
                            description = "Only events of this node, not of the tasks on it; together with task,"
                                    + " events of either. No stream has the measurements of its GPUs"
                                    + " (node_condition_changed).")
                    @QueryParam("node")
                    @Nullable
                    String node,
            @Parameter(description = "Continue after the event with this id.") @HeaderParam("Last-Event-ID") @Nullable
                    String lastEventId,
            @Context Sse sse,
            @Context HttpServerRequest request) {
        var filter = new EventFilter(
                Parameters.parsed("task", task, TaskId::new).orElse(null),
                Parameters.parsed("node", node, NodeId::new).orElse(null));
        var place = recent.newest();
        if (lastEventId != null && !lastEventId.isBlank()) {
            place = LogPlace.parse(lastEventId);
        }
        var from = place;
        var address = ClientAddress.of(request.remoteAddress().hostAddress());
        return Multi.createFrom()
                .emitter(
                        client -> start(new EventStream(sources, sse, client, from, filter), client, address),
                        BackPressureStrategy.ERROR);
    }

    private void start(EventStream stream, MultiEmitter<? super OutboundSseEvent> client, ClientAddress address) {
        var thread = Thread.ofVirtual().name("events-client").unstarted(stream);
        threads.put(thread, true);
        var taken = places.take(address, () -> {
            stream.displace();
            thread.interrupt();
        });
        client.onTermination(() -> {
            places.giveBack(taken);
            if (threads.remove(thread) != null) {
                thread.interrupt();
            }
        });
        thread.start();
    }

    /** Ends all streams, which never end by themselves. Clients continue elsewhere, from the last id that they saw. */
    void stop(@Observes Stopping.Begun event) {
        close();
    }

    @PreDestroy
    void close() {
        threads.keySet().forEach(Thread::interrupt);
    }
}
