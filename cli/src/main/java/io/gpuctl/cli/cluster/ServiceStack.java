package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.FailureText;
import java.util.ArrayList;
import java.util.List;

/** Running services, each of which needs only those that were started before it: so they are closed backwards. */
final class ServiceStack implements AutoCloseable {

    private final List<Service> services = new ArrayList<>();

    <S extends Service> S push(S service) {
        services.add(service);
        return service;
    }

    /** Throws if a part does not work any more: then the whole does not, and must not look as if it did. */
    void throwIfFailed() {
        for (Service service : services) {
            service.failure().ifPresent(cause -> {
                if (cause instanceof CommandFailedException foreseen) {
                    throw foreseen;
                }
                throw new CommandFailedException(
                        "The %s has failed: %s".formatted(service.name(), FailureText.of(cause)), cause);
            });
        }
    }

    /** Closes all, the last one first. A failure of one does not keep the others open; the first is thrown at the end. */
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
