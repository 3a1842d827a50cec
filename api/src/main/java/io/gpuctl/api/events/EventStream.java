package io.gpuctl.api.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.api.events.ClientDemand.ClientStuckException;
import io.gpuctl.api.events.RecentFacts.FellBehindException;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.kafka.EventJson;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * What one client of {@code /events} gets, on a thread of its own: first old facts from the log, as far as they are not
 * among the recent ones; then recent facts; then new ones as they come. There is neither gap nor duplicate where one
 * follows the other, since a fact is sent if and only if the client's place is before it.
 *
 * <p>A client that reads so slowly that the recent facts run away under it is told so in a last comment, and
 * disconnected. It can come back with the last id that it saw.
 */
final class EventStream implements Runnable {

    private static final long RECONNECT_DELAY_MS = 2_000;
    private static final ObjectWriter JSON = EventJson.mapper().writerFor(Fact.class);

    private final RecentFacts recent;
    private final FactArchive archive;
    private final Semaphore archiveReaders;
    private final Sse sse;
    private final MultiEmitter<? super OutboundSseEvent> client;
    private final ClientDemand demand;
    private final @Nullable TaskId only;
    private final Duration heartbeat;

    /** What the client has seen, or did not ask for. */
    private LogPlace place;

    private long lastSentNanos = System.nanoTime();

    EventStream(
            EventSources sources,
            Sse sse,
            MultiEmitter<? super OutboundSseEvent> client,
            LogPlace place,
            @Nullable TaskId only) {
        this.recent = sources.recent();
        this.archive = sources.archive();
        this.archiveReaders = sources.archiveReaders();
        this.heartbeat = sources.heartbeat();
        this.sse = sse;
        this.client = client;
        this.place = place;
        this.only = only;
        // The HTTP server has asked for its first event already.
        demand = new ClientDemand(client::requested, sources.slowAfter(), sources.goneAfter());
        client.onRequest(_ -> demand.changed());
    }

    /**
     * What all clients share.
     *
     * @param archiveReaders how many may read the archive at once; the next one waits
     * @param heartbeat silence after which a client gets a comment
     * @param slowAfter a client that lets us wait so long is slow
     * @param goneAfter a client that lets us wait so long is gone
     */
    record EventSources(
            RecentFacts recent,
            FactArchive archive,
            Semaphore archiveReaders,
            Duration heartbeat,
            Duration slowAfter,
            Duration goneAfter) {}

    @Override
    public void run() {
        try {
            comment("connected");
            follow();
            close("you read too slowly, and were disconnected; go on from the last id with Last-Event-ID");
        } catch (KafkaException e) {
            Log.warnf("A client of /events was disconnected: %s", e.getMessage());
            close("the log cannot be read now; go on from the last id with Last-Event-ID");
        } catch (ClientStuckException | InterruptedException _) {
            client.complete(); // Nobody reads any more.
        }
    }

    /** Returns when the recent facts ran away, and it was the client's fault. */
    private void follow() throws ClientStuckException, InterruptedException {
        do {
            long first = catchUp();
            try {
                followFrom(first);
            } catch (FellBehindException _) {
                // If the client has always taken its events at once, then we were too slow: the log has what is
                // missing.
            }
        } while (!demand.wasSlow());
    }

    /** Sends old facts until the rest is among the recent ones; says with which of them to go on. */
    private long catchUp() throws ClientStuckException, InterruptedException {
        var first = recent.firstNumberAfter(place);
        if (first.isPresent()) {
            return first.getAsLong();
        }
        archiveReaders.acquire();
        try (var reader = archive.open(place)) {
            return sendArchived(reader);
        } catch (InterruptException _) {
            throw new InterruptedException();
        } finally {
            archiveReaders.release();
        }
    }

    private long sendArchived(FactArchive.Reader reader) throws ClientStuckException, InterruptedException {
        OptionalLong first = OptionalLong.empty();
        while (first.isEmpty()) {
            for (var fact : reader.next()) {
                send(fact);
            }
            place = place.furthest(reader.place());
            heartbeatIfDue();
            first = recent.firstNumberAfter(place);
        }
        return first.getAsLong();
    }

    private void followFrom(long first) throws FellBehindException, ClientStuckException, InterruptedException {
        long number = first;
        while (true) {
            var facts = recent.next(number, heartbeat);
            for (var fact : facts) {
                send(fact);
            }
            number += facts.size();
            heartbeatIfDue();
        }
    }

    /** Also when much happens, but nothing that this client asked for. */
    private void heartbeatIfDue() throws ClientStuckException, InterruptedException {
        if (System.nanoTime() - lastSentNanos >= heartbeat.toNanos()) {
            comment("heartbeat");
        }
    }

    private void send(LoggedFact logged) throws ClientStuckException, InterruptedException {
        if (!place.isBefore(logged.partition(), logged.offset())) {
            return;
        }
        place = place.after(logged.partition(), logged.offset());
        if (logged.fact().event() instanceof ClusterEvent.OfTask event && isWanted(event)) {
            emit(event(logged.fact()));
        }
    }

    private boolean isWanted(ClusterEvent.OfTask event) {
        return only == null || only.equals(event.taskId());
    }

    private OutboundSseEvent event(Fact fact) {
        try {
            var json = JSON.writeValueAsString(fact);
            return sse.newEventBuilder()
                    .id(place.toString())
                    .name(EventNames.of(fact.event()))
                    .data(String.class, json)
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A fact cannot be written as JSON: " + fact, e);
        }
    }

    /** With the id, so that a client to whom nothing happened for long need not read all of it again. */
    private void comment(String text) throws ClientStuckException, InterruptedException {
        emit(sse.newEventBuilder()
                .id(place.toString())
                .reconnectDelay(RECONNECT_DELAY_MS)
                .comment(text)
                .build());
    }

    private void emit(OutboundSseEvent event) throws ClientStuckException, InterruptedException {
        demand.await();
        client.emit(event);
        lastSentNanos = System.nanoTime();
    }

    private void close(String reason) {
        try {
            comment(reason);
        } catch (ClientStuckException | InterruptedException _) {
            // Nobody reads any more; the reason was for nobody.
        }
        client.complete();
    }
}
