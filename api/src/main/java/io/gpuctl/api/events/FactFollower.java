package io.gpuctl.api.events;

import io.gpuctl.events.kafka.Topics;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Reads {@code cluster-events} as it grows: all partitions in every instance, committed facts only, from the time of the
 * start on.
 */
@ApplicationScoped
class FactFollower {

    static final String CHANNEL = "cluster-events";
    private static final Duration RETRY_PERIOD = Duration.ofMillis(200);

    private final RecentFacts recent;
    private final SchedulerRuns runs;

    /** Why it could not begin, or go on, last time. Of one thread at a time. */
    private volatile String said = "";

    /** Set once the log needs a newer program: what follows may be read wrongly. */
    private volatile boolean isOver;

    FactFollower(RecentFacts recent, SchedulerRuns runs) {
        this.recent = recent;
        this.runs = runs;
    }

    @Incoming(CHANNEL)
    void follow(ConsumerRecords<String, byte[]> records) {
        List<LoggedFact> facts = new ArrayList<>();
        var unread = records.iterator();
        while (unread.hasNext() && !isOver) {
            try {
                FactDecoder.decode(unread.next()).ifPresent(facts::add);
            } catch (KafkaException e) {
                isOver = true;
                say(e);
            }
        }
        facts.forEach(logged -> runs.note(logged.fact()));
        recent.add(facts);
    }

    /** Where the consumer stands is known once the broker has told it, which may be long after the start. */
    void begin(@Observes StartupEvent event, KafkaClientService clients) {
        Uni.createFrom()
                .deferred(() -> clients.getConsumer(CHANNEL).getPositions())
                .map(FactFollower::place)
                .onFailure(KafkaException.class)
                .invoke(this::say)
                .onFailure()
                .retry()
                .withBackOff(RETRY_PERIOD, RETRY_PERIOD)
                .indefinitely()
                .subscribe()
                .with(recent::begin, failure -> Log.debug("The service stops", failure));
    }

    /** What Kafka refuses, or does not answer: each reason once, not at each try. */
    private void say(Throwable failure) {
        String reason = failure.toString();
        if (!reason.equals(said)) {
            said = reason;
            Log.warnf("The facts are not followed: %s", reason);
        }
    }

    private static LogPlace place(Map<TopicPartition, Long> positions) {
        var nextOffsets = new ArrayList<Long>();
        for (int partition = 0; partition < Topics.CLUSTER_EVENTS.partitions(); partition++) {
            var position = positions.get(new TopicPartition(Topics.CLUSTER_EVENTS.name(), partition));
            if (position == null) {
                throw new IllegalStateException("Partition " + partition + " is not assigned yet");
            }
            nextOffsets.add(position);
        }
        return new LogPlace(nextOffsets);
    }
}
