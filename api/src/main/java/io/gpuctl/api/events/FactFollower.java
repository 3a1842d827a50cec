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
 * Follows {@code cluster-events} from the time of the start: every instance reads all partitions, and committed facts
 * only.
 */
@ApplicationScoped
class FactFollower {

    static final String CHANNEL = "cluster-events";
    private static final Duration RETRY_PERIOD = Duration.ofMillis(200);

    private final RecentFacts recent;
    private final SchedulerRuns runs;

    /** The last reason why the follower could not start or continue. Used by one thread at a time. */
    private volatile String said = "";

    /** Set once the log needs a newer program: this one may misread the facts that follow. */
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

    /**
     * Starts following. The position of the consumer is known only after the broker has answered, which may be long
     * after the start.
     */
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
                .with(recent::begin, failure -> Log.debug("The service is stopping", failure));
    }

    /** Logs why Kafka refuses or does not answer, once per reason instead of at each retry. */
    private void say(Throwable failure) {
        String reason = failure.toString();
        if (!reason.equals(said)) {
            said = reason;
            Log.warnf("Cannot follow the cluster's events, retrying: %s", reason);
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
