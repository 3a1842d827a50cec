package io.gpuctl.api.health;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Whether this instance was told to stop. For a while it still answers everything, so that whoever shares requests out among
 * the instances can leave it first: it says that it is not ready, and asks for connections to be closed.
 */
@ApplicationScoped
public class Stopping {

    private volatile boolean begun;

    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        begun = true;
    }

    public boolean hasBegun() {
        return begun;
    }
}
