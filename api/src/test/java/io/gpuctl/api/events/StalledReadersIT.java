package io.gpuctl.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.BrokerResource;
import io.gpuctl.api.FactWriter;
import io.gpuctl.api.events.EventStream.EventSources;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that request old facts and do not read them: many more than the archive serves at a time. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class StalledReadersIT {

    private static final int FACTS = 300;

    @Inject
    FactArchive archive;

    @Inject
    RecentFacts recent;

    @Inject
    EndedClients ended;

    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void endStreams() {
        threads.forEach(Thread::interrupt);
    }

    private AssertSubscriber<OutboundSseEvent> open(long demand) {
        var sources = new EventSources(
                recent, archive, ended, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
        var begin = new LogPlace(List.of(0L, 0L, 0L, 0L));
        var filter = new EventFilter(new TaskId("stalled"), null);
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(
                        client -> threads.add(Thread.ofVirtual()
                                .start(new EventStream(sources, new SseImpl(), client, begin, filter))),
                        BackPressureStrategy.ERROR)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(demand));
    }

    @Test
    void keepNobodyElseFromReadingThem() {
        Awaitility.await().until(recent::hasBegun);
        try (var facts = new FactWriter(BrokerResource.bootstrapServers())) {
            for (int i = 0; i < FACTS; i++) {
                facts.write(new PoolId("stalled-pool"), new RetryDue(new TaskId("stalled")));
            }
        }
        var stalled = new ArrayList<AssertSubscriber<OutboundSseEvent>>();
        for (int i = 0; i < 12; i++) {
            stalled.add(open(2));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        stalled.stream().allMatch(client -> client.getItems().size() == 2));

        var reading = open(Long.MAX_VALUE);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> reading.getItems().stream()
                                .filter(event -> "retry_due".equals(event.getName()))
                                .count()
                        == FACTS);
        assertThat(stalled).allMatch(client -> client.getItems().size() == 2);
    }
}
