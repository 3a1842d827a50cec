package io.gpuctl.api.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks the other instances over HTTP, at {@link InternalViewsServer}. */
@ApplicationScoped
class HttpInstances implements Instances {

    private static final int TIMEOUT_MS = 2_000;
    private static final int CONNECTIONS_MAX = 32;
    private static final int WAITING_MAX = 1_000;
    private static final int OK = 200;

    private static final ObjectMapper JSON = EventJson.mapper();

    private final HttpClient client;
    private final Optional<SharedSecret> secret;

    HttpInstances(Vertx vertx, ApiSettings settings) {
        secret = settings.internalSecret().map(SharedSecret::new);
        client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(TIMEOUT_MS)
                .setMaxPoolSize(CONNECTIONS_MAX)
                .setMaxWaitQueueSize(WAITING_MAX));
    }

    @Override
    public <E> Uni<List<E>> ask(Host instance, Question question, Class<E> elementType) {
        long timeoutMs = TIMEOUT_MS + question.query().waitMs();
        return answer(instance, question)
                .ifNoItem()
                .after(Duration.ofMillis(timeoutMs))
                .fail()
                .map(body -> read(body, elementType))
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> unreachable(instance, failure));
    }

    /** Returns the answer. If the caller cancels, the connection is reset, so the other instance also notices. */
    private Uni<Buffer> answer(Host instance, Question question) {
        return Uni.createFrom().deferred(() -> {
            var request = client.request(options(instance));
            return Uni.createFrom()
                    .completionStage(() -> request.compose(sent -> sent.send(Buffer.buffer(write(question))))
                            .compose(response -> bodyOf(instance, response))
                            .toCompletionStage())
                    .onCancellation()
                    .invoke(() -> request.onSuccess(HttpClientRequest::reset));
        });
    }

    private RequestOptions options(Host instance) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(instance.host())
                .setPort(instance.port())
                .setURI(InternalViewsServer.PATH)
                .putHeader(HttpHeaderNames.CONTENT_TYPE, "application/json");
        secret.ifPresent(shared -> options.putHeader(HttpHeaderNames.AUTHORIZATION, shared.header()));
        return options;
    }

    private static Future<Buffer> bodyOf(Host instance, HttpClientResponse response) {
        if (response.statusCode() == OK) {
            return response.body();
        }
        return Future.failedFuture(ProblemException.of(
                ProblemType.VIEWS_NOT_READY,
                "The instance at " + instance + " answered with status " + response.statusCode() + "; try again"));
    }

    private static byte[] write(Question question) {
        try {
            return JSON.writeValueAsBytes(question);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A question cannot be written as JSON: " + question, e);
        }
    }

    private static <E> List<E> read(Buffer body, Class<E> elementType) {
        try {
            return JSON.readerForListOf(elementType).readValue(body.getBytes());
        } catch (IOException e) {
            throw ProblemException.of(
                    ProblemType.VIEWS_NOT_READY,
                    "The answer of another API instance cannot be read: check that all instances have the same"
                            + " version",
                    e);
        }
    }

    private static ProblemException unreachable(Host instance, Throwable failure) {
        return ProblemException.of(
                ProblemType.VIEWS_NOT_READY,
                "The instance at " + instance + ", which has a part of the data, does not answer; try again",
                failure);
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
