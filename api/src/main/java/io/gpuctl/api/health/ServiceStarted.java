package io.gpuctl.api.health;

import io.gpuctl.api.views.ViewsService;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: the views have been ready once. */
@Startup
@ApplicationScoped
class ServiceStarted implements HealthCheck {

    private final ViewsService views;
    private volatile boolean wasReady;

    ServiceStarted(ViewsService views) {
        this.views = views;
    }

    @Override
    public HealthCheckResponse call() {
        wasReady |= views.isReady();
        return HealthCheckResponse.named("gpuctl").status(wasReady).build();
    }
}
