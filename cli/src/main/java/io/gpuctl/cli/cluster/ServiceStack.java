package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.FailureText;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.KafkaProblem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Running services. Each service depends only on services that were started before it, so services are closed in
 * reverse order.
 */
final class ServiceStack implements AutoCloseable {

    private final List<Service> services = new ArrayList<>();
    private final @Nullable KafkaConnection kafka;

    /** A stack for services on a Kafka broker in this process, or without Kafka. */
    ServiceStack() {
        kafka = null;
    }

    /** A stack for services on this Kafka cluster, which may be the reason why a service fails. */
    ServiceStack(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    <S extends Service> S push(S service) {
        services.add(service);
        return service;
    }

    /** Throws if a service has failed: then the whole process must stop, and must not look as if it still worked. */
    void throwIfFailed() {
        for (Service service : services) {
            service.failure().ifPresent(cause -> {
                if (cause instanceof CommandFailedException foreseen) {
                    throw foreseen;
                }
                NewerLogError.in(cause).ifPresent(newer -> {
                    throw new CommandFailedException(
                            "The %s has stopped: %s".formatted(service.name(), newer.sentence()), cause);
                });
                throw new CommandFailedException(
                        "The %s has failed: %s".formatted(service.name(), reason(cause)), cause);
            });
        }
    }

    private String reason(Throwable cause) {
        String told = FailureText.of(cause);
        return kafka == null
                ? told
                : KafkaProblem.of(cause, kafka)
                        .map(problem -> "Kafka at %s: %s [%s]".formatted(kafka, problem.text(), told))
                        .orElse(told);
    }

    /** Closes all services, the last one first. Continues after a failure; throws the first failure at the end. */
    @Override
    public void close() {
        RuntimeException first = null;
        for (Service service : services.reversed()) {
            try {
                service.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        services.clear();
        if (first != null) {
            throw first;
        }
    }
}
