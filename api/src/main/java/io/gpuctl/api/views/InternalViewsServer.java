package io.gpuctl.api.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.api.access.RequestCheck;
import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemJson;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.kafka.EventJson;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers the questions of other instances, on a separate port that is not for users. Other instances must know the
 * shared secret; without a secret, the server listens on the loopback interface only.
 *
 * <p>Answers come only from this instance's own partitions: a question is never forwarded, so it cannot loop. If the
 * other instance disconnects before the answer, the work is cancelled.
 */
@ApplicationScoped
class InternalViewsServer {

    static final String PATH = "/internal/views";

    private static final int LISTEN_TIMEOUT_S = 10;
    private static final ObjectMapper JSON = EventJson.mapper();

    private final Vertx vertx;
    private final LocalViews views;
    private final RequestCheck check;
    private final ApiSettings settings;
    private final Optional<SharedSecret> secret;
    private @Nullable HttpServer server;
    private volatile @Nullable HostAndPort address;

    InternalViewsServer(Vertx vertx, LocalViews views, RequestCheck check, ApiSettings settings) {
        this.vertx = vertx;
        this.views = views;
        this.check = check;
        this.settings = settings;
        secret = settings.internalSecret().map(SharedSecret::new);
    }

    /** Starts before the views, which tell the other instances the address. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) throws Exception {
        var options = new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setHost(settings.internalHost())
                .setPort(settings.internalPort());
        var started = vertx.createHttpServer(options).requestHandler(this::handle);
        server = started;
        started.listen().toCompletionStage().toCompletableFuture().get(LISTEN_TIMEOUT_S, TimeUnit.SECONDS);
        var advertised = settings.advertisedAddress();
        address = new HostAndPort(advertised.host(), advertised.port() == 0 ? started.actualPort() : advertised.port());
        Log.debugf("Listening for other API instances at %s", address);
    }

    /** Returns the address at which the other instances reach this one. */
    HostAndPort address() {
        var started = address;
        if (started == null) {
            throw new IllegalStateException("The internal port is not open yet");
        }
        return started;
    }

    private void handle(HttpServerRequest request) {
        var refusal = check.refusal(request).or(() -> ownRefusal(request));
        if (refusal.isPresent()) {
            ProblemJson.answer(request, refusal.get());
            return;
        }
        request.body()
                .onSuccess(body -> answer(request, body.getBytes()))
                .onFailure(failure ->
                        Log.debug("Another instance closed its connection before its question was read", failure));
    }

    private Optional<Problem> ownRefusal(HttpServerRequest request) {
        if (secret.isPresent() && !secret.get().isIn(request.getHeader(HttpHeaderNames.AUTHORIZATION))) {
            return Optional.of(
                    Problem.of(ProblemType.UNAUTHORIZED, "Only API instances with the same secret may use this port"));
        }
        if (!PATH.equals(request.path()) || !request.method().equals(HttpMethod.POST)) {
            return Optional.of(Problem.of(ProblemType.NO_SUCH_ROUTE, "This port serves POST " + PATH + " only"));
        }
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null) {
            return Optional.of(Problem.of(ProblemType.LENGTH_REQUIRED, "Send the header Content-Length"));
        }
        return BodyLimit.refusal(length);
    }

    private void answer(HttpServerRequest request, byte[] body) {
        Question question;
        try {
            question = JSON.readValue(body, Question.class);
        } catch (IOException e) {
            Log.debug("The body is not a query of another API instance", e);
            ProblemJson.answer(
                    request, Problem.of(ProblemType.MALFORMED_BODY, "The body is not a query of another API instance"));
            return;
        }
        var response = request.response();
        Uni<byte[]> written = views.answer(question, question.query()).map(InternalViewsServer::write);
        if (question.query().readsMany()) {
            // Run on a worker, because the read would block the event loop. The event loop sends the answer.
            Context own = vertx.getOrCreateContext();
            written = written.runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                    .emitOn(task -> own.runOnContext(_ -> task.run()));
        }
        Cancellable asking = written.subscribe()
                .with(
                        answer -> response.putHeader(HttpHeaderNames.CONTENT_TYPE, "application/json")
                                .end(Buffer.buffer(answer)),
                        failure -> refuse(request, failure));
        if (!request.response().ended()) { // An available answer is already sent.
            if (response.closed()) {
                asking.cancel();
            } else if (!response.ended()) {
                response.closeHandler(_ -> asking.cancel());
            }
        }
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof ProblemException e) {
            ProblemJson.answer(request, e.problem());
            return;
        }
        Log.error("A question of another instance failed", failure);
        ProblemJson.answer(request, Problem.of(ProblemType.INTERNAL, "Unexpected error; see the server's log"));
    }

    private static byte[] write(Object answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer cannot be written as JSON", e);
        }
    }

    @PreDestroy
    void close() {
        if (server != null) {
            server.close();
        }
    }
}
