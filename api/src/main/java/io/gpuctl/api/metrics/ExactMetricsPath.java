package io.gpuctl.api.metrics;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Quarkus serves the metrics of the process at {@code /metrics} and at whatever is below, before any resource is asked. What is
 * below is for {@link MetricsResource}, and else not found.
 */
@ApplicationScoped
class ExactMetricsPath {

    private static final String BELOW = "/metrics/";

    void limit(@Observes Router router) {
        router.getRoutes().stream()
                .filter(route -> BELOW.equals(route.getPath()) && !route.isExactPath())
                .toList()
                .forEach(Route::remove);
    }
}
