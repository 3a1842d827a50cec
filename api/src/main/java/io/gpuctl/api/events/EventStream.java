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
    private final EndedClients ended;
    private final Sse sse;
    private final MultiEmitter<? super OutboundSseEvent> client;
    private final ClientDemand demand;
    private final EventFilter filter;
    private final Duration heartbeat;

    /** What the client has seen, or did not ask for. */
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
        // The HTTP server has asked for its first event already.
        demand = new ClientDemand(client::requested, sources.slowAfter(), sources.goneAfter());
        client.onRequest(_ -> demand.changed());
    }

    /**
     * What all clients share.
     *
     * @param heartbeat silence after which a client gets a comment
     * @param slowAfter a client that lets us wait so long is slow
     * @param goneAfter a client that lets us wait so long is gone
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
            end(Reason.SLOW, "you read too slowly, and were disconnected");
        } catch (KafkaException e) {
            Log.debug("A client of /events was disconnected", e);
            end(Reason.LOG_AWAY, "the log cannot be read now");
        } catch (ClientStuckException _) {
            end(Reason.STUCK, "you took nothing for long");
        } catch (InterruptedException _) {
            if (displaced) {
                end(Reason.DISPLACED, "another client needs your place");
            } else {
                client.complete(); // Nobody reads any more.
            }
        }
    }

    /** Somebody else gets the place. To be called before the stream's thread is interrupted. */
    void displace() {
        displaced = true;
    }

    /** A place that the log does not have: it was cut, or is another one. Going on in silence would hide that. */
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
                ("The log does not have the place %s: it goes from %s to %s. The stream goes on from %s; what you have seen"
                                + " after that is not in the log")
                        .formatted(place, extent.begin(), extent.end(), nearest));
        place = nearest;
        emit(sse.newEventBuilder()
                .id(place.toString())
                .name("reset")
                .data(String.class, ProblemJson.text(reset))
                .build());
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

    /** With the id, so that a client to whom nothing happened for long need not read all of it again. */
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

    /** Says why, if the client has room for it: we do not wait for it any more. */
    private void end(Reason reason, String text) {
        ended.count(reason);
        if (client.requested() > 0) {
            client.emit(commentOf(text + "; go on from the last id with Last-Event-ID"));
        }
        client.complete();
    }
}
