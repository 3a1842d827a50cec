package io.gpuctl.api.metrics;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Limits the Quarkus metrics route to exactly {@code /metrics}. By default, Quarkus also serves the metrics of the
 * process at all paths below, before any resource; those paths belong to {@link MetricsResource}.
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
