package io.gpuctl.api.access;

import io.gpuctl.api.health.Stopping;
import io.gpuctl.api.problem.ProblemJson;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Runs {@link RequestCheck} before every route of the public port, and sets headers that tell browsers how they may use
 * answers.
 */
@ApplicationScoped
class RequestFilter {

    /** Runs before all other filters. */
    private static final int PRIORITY = Integer.MAX_VALUE;

    private final RequestCheck check;
    private final Stopping stopping;

    RequestFilter(RequestCheck check, Stopping stopping) {
        this.check = check;
        this.stopping = stopping;
    }

    void register(@Observes Filters filters) {
        filters.register(this::filter, PRIORITY);
    }

    /**
     * Has the client open a new connection for its next request: a load balancer then sends it to an instance that
     * stays.
     */
    private void closeIfStopping(HttpServerResponse response) {
        if (stopping.hasBegun()) {
            response.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    private void filter(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        var round = stopping.enter();
        context.addEndHandler(_ -> stopping.end(round));
        // Check when the answer is ready, because the stop may begin in between.
        context.addHeadersEndHandler(_ -> closeIfStopping(context.response()));
        var refusal = check.refusal(context.request());
        if (refusal.isPresent()) {
            ProblemJson.answer(context.request(), refusal.get());
        } else {
            context.next();
        }
    }
}
