package io.gpuctl.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gpuctl.api.events.EventStream.EventSources;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;

/** A client that requests its events one by one, on a ring of four facts. */
class EventStreamTest {

    private static final LogPlace START = new LogPlace(List.of(0L, 0L, 0L, 0L));

    private final RecentFacts recent = new RecentFacts(4);

    private static LoggedFact fact(long offset) {
        return new LoggedFact(
                1,
                offset,
                new Fact(PoolId.DEFAULT, offset + 1, 0, Cause.TIMER, new RetryDue(new TaskId("t" + offset))));
    }

    private static List<LoggedFact> facts(long from, long to) {
        return LongStream.range(from, to).mapToObj(EventStreamTest::fact).toList();
    }

    /** Opens a stream without an archive: a read from the archive fails the test. */
    @SuppressWarnings("NullAway")
    private AssertSubscriber<OutboundSseEvent> open(Duration slowAfter) {
        recent.begin(START);
        var sources = new EventSources(
                recent,
                null,
                new EndedClients(new SimpleMeterRegistry()),
                Duration.ofMinutes(1),
                slowAfter,
                Duration.ofSeconds(20));
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(
                        client -> Thread.ofVirtual()
                                .start(new EventStream(sources, new SseImpl(), client, START, EventFilter.NONE)),
                        BackPressureStrategy.ERROR)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
    }

    private static void awaitItems(AssertSubscriber<OutboundSseEvent> client, int count) {
        Awaitility.await().until(() -> client.getItems().size() == count);
    }

    @Test
    void sendsEachFactOnceWithThePlaceAfterItAsId() {
        var client = open(Duration.ofSeconds(20));
        recent.add(facts(0, 3));
        client.request(10);

        awaitItems(client, 4);
        assertThat(client.getItems().getFirst().getComment()).isEqualTo("connected");
        assertThat(client.getItems().subList(1, 4))
                .extracting(OutboundSseEvent::getId, OutboundSseEvent::getName)
                .containsExactly(
                        tuple("0-1-0-0", "retry_due"), tuple("0-2-0-0", "retry_due"), tuple("0-3-0-0", "retry_due"));
    }

    @Test
    void disconnectsASlowClientWithALastComment() {
        var client = open(Duration.ZERO);
        awaitItems(client, 1);
        recent.add(facts(0, 2));
        client.request(1);
        awaitItems(client, 2);
        recent.add(facts(2, 20)); // The ring drops facts while the client has no room.
        client.request(100);

        client.awaitCompletion(Duration.ofSeconds(10));
        assertThat(client.getItems().getLast().getComment()).contains("too slowly", "Last-Event-ID");
        assertThat(client.getItems().getLast().getId()).isEqualTo("0-2-0-0");
    }
}
