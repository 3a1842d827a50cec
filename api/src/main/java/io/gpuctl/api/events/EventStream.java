package io.gpuctl.api.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.api.events.ClientDemand.ClientStuckException;
import io.gpuctl.api.events.EndedClients.Reason;
import io.gpuctl.api.events.RecentFacts.FellBehindException;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemJson;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FactTypes;
import io.gpuctl.events.kafka.EventJson;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;

/**
 * Sends facts to one client of {@code /events}, on its own thread: first old facts from the log that are not among the
 * recent ones, then recent facts, then new facts as they arrive. There are no gaps or duplicates in between, because a
 * fact is sent if and only if the client's place is before it.
 *
 * <p>A client that reads so slowly that it loses the recent facts gets a last comment, and is disconnected. The client
 * can reconnect with the last id that it saw.
 */
final class EventStream implements Runnable {

    private static final long RECONNECT_DELAY_MS = 2_000;
    private static final ObjectWriter JSON = EventJson.mapper().writerFor(Fact.class);

    private final RecentFacts recent;
    private final FactArchive archive;
    private final EndedClients ended;
    private final Sse sse;
    private final MultiEmitter<? super OutboundSseEvent> client;
    private final ClientDemand demand;
    private final EventFilter filter;
    private final Duration heartbeat;

    /** Everything before this place was sent, or filtered out. */
    private LogPlace place;

    private long lastSentNanos = System.nanoTime();
    private volatile boolean displaced;

    EventStream(
            EventSources sources,
            Sse sse,
            MultiEmitter<? super OutboundSseEvent> client,
            LogPlace place,
            EventFilter filter) {
        this.recent = sources.recent();
        this.archive = sources.archive();
        this.ended = sources.ended();
        this.heartbeat = sources.heartbeat();
        this.sse = sse;
        this.client = client;
        this.place = place;
        this.filter = filter;
        // The HTTP server has already requested its first event.
        demand = new ClientDemand(client::requested, sources.slowAfter(), sources.goneAfter());
        client.onRequest(_ -> demand.changed());
    }

    /**
     * The dependencies and limits that all clients share.
     *
     * @param heartbeat silence after which a client gets a comment
     * @param slowAfter wait after which a client counts as slow
     * @param goneAfter wait after which a client counts as gone
     */
    record EventSources(
            RecentFacts recent,
            FactArchive archive,
            EndedClients ended,
            Duration heartbeat,
            Duration slowAfter,
            Duration goneAfter) {}

    @Override
    public void run() {
        try {
            comment("connected");
            resetIfNotInLog();
            follow();
            end(Reason.SLOW, "the client reads too slowly and is disconnected");
        } catch (KafkaException e) {
            Log.debug("A client of /events was disconnected", e);
            end(Reason.LOG_AWAY, "the log cannot be read now");
        } catch (ClientStuckException _) {
            end(Reason.STUCK, "the client has read nothing for too long");
        } catch (InterruptedException _) {
            if (displaced) {
                end(Reason.DISPLACED, "another client takes the place of this client");
            } else {
                client.complete(); // The client no longer reads.
            }
        }
    }

    /** Notes that another client gets the place. Must be called before the stream's thread is interrupted. */
    void displace() {
        displaced = true;
    }

    /**
     * Sends a reset if the log does not have the client's place, because the log was cut or replaced. Without a reset
     * the client would not notice.
     */
    private void resetIfNotInLog() throws ClientStuckException, InterruptedException {
        if (recent.newest().reaches(place) && recent.firstNumberAfter(place).isPresent()) {
            return;
        }
        var extent = archive.extent();
        var nearest = place.within(extent.begin(), extent.end());
        if (nearest.equals(place)) {
            return;
        }
        var reset = Problem.of(
                ProblemType.PLACE_LOST,
                ("The log does not have the place %s: it goes from %s to %s. The stream continues from %s; later"
                                + " events that this client has received are not in the log")
                        .formatted(place, extent.begin(), extent.end(), nearest));
        place = nearest;
        emit(sse.newEventBuilder()
                .id(place.toString())
                .name("reset")
                .data(String.class, ProblemJson.text(reset))
                .build());
    }

    /** Returns when the client has lost the recent facts because it was slow. */
    private void follow() throws ClientStuckException, InterruptedException {
        do {
            long first = catchUp();
            try {
                followFrom(first);
            } catch (FellBehindException _) {
                // If the client was never slow, this instance was: read the missing facts from the log.
            }
        } while (!demand.wasSlow());
    }

    /** Sends old facts until the rest are among the recent ones; returns the number of the next recent fact. */
    private long catchUp() throws ClientStuckException, InterruptedException {
        var first = recent.firstNumberAfter(place);
        while (first.isEmpty()) {
            var batch = archive.read(place);
            for (var fact : batch.facts()) {
                send(fact);
            }
            place = place.furthest(batch.end());
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

    /** Sends a heartbeat also if facts arrive, but none that this client asked for. */
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
        if (filter.matches(logged.fact().event())) {
            emit(event(logged.fact()));
        }
    }

    private OutboundSseEvent event(Fact fact) {
        try {
            var json = JSON.writeValueAsString(fact);
            return sse.newEventBuilder()
                    .id(place.toString())
                    .name(FactTypes.name(fact.event().getClass()))
                    .data(String.class, json)
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A fact cannot be written as JSON: " + fact, e);
        }
    }

    /**
     * Sends a comment with the id of the place, so that a client without matching facts need not read the log again.
     */
    private void comment(String text) throws ClientStuckException, InterruptedException {
        emit(commentOf(text));
    }

    private OutboundSseEvent commentOf(String text) {
        return sse.newEventBuilder()
                .id(place.toString())
                .reconnectDelay(RECONNECT_DELAY_MS)
                .comment(text)
                .build();
    }

    private void emit(OutboundSseEvent event) throws ClientStuckException, InterruptedException {
        demand.await();
        client.emit(event);
        lastSentNanos = System.nanoTime();
    }

    /** Ends the stream. Sends the reason only if the client has room for it now. */
    private void end(Reason reason, String text) {
        ended.count(reason);
        if (client.requested() > 0) {
            client.emit(commentOf(text + "; to continue, reconnect with the last id as Last-Event-ID"));
        }
        client.complete();
    }
}
