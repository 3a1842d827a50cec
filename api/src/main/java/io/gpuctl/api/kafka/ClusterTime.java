package io.gpuctl.api.kafka;

import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.BrokerTime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Produces the cluster's clock, which follows the clock of the Kafka cluster if so configured. */
@ApplicationScoped
class ClusterTime {

    @Produces
    @Singleton
    ClusterClock clock(ApiSettings settings, KafkaClients clients) {
        ClusterClock clock = settings.clock();
        return settings.isClockOfBroker()
                ? clock.following(BrokerTime.start(clients.connection(), settings.instanceId() + "-api"))
                : clock;
    }

    /** Closes the clock with the application. */
    void close(@Disposes ClusterClock clock) {
        if (clock.wallTime() instanceof BrokerTime time) {
            time.close();
        }
    }
}
