package io.gpuctl.cli.bench.load;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sends requests to one server over kept connections. All answers arrive on one thread. */
final class HttpLoad implements AutoCloseable {
    /** The time to wait for a connection and for an answer. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final URI server;
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Context context = vertx.getOrCreateContext();
    private final HttpClient http;

    /** Receives what became of a request. Called on the one thread. */
    interface Outcome {
        void answered(int status, Buffer body);

        void failed(Throwable failure);
    }

    HttpLoad(URI server, int connectionsMax) {
        this.server = server;
        http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) PATIENCE.toMillis()),
                new PoolOptions().setHttp1MaxSize(connectionsMax));
    }

    /**
     * Returns a request that can be sent any number of times. {@code contentType}: empty for a request without body.
     */
    RequestOptions prepare(HttpMethod method, String path, String contentType) {
        boolean isEncrypted = "https".equalsIgnoreCase(server.getScheme());
        int usualPort = isEncrypted ? HTTPS_PORT : HTTP_PORT;
        var request = new RequestOptions()
                .setSsl(isEncrypted)
                .setHost(server.getHost())
                .setPort(server.getPort() < 0 ? usualPort : server.getPort())
                .setURI(path)
                .setMethod(method)
                .setTimeout(PATIENCE.toMillis());
        return contentType.isEmpty() ? request : request.putHeader("Content-Type", contentType);
    }

    /** Sends a request; may be called on any thread. */
    void send(RequestOptions request, Buffer body, Outcome outcome) {
        context.runOnContext(_ -> http.request(request)
                .compose(opened -> opened.send(body))
                .compose(response -> response.body().map(bytes -> new Answer(response.statusCode(), bytes)))
                .onComplete(answer -> outcome.answered(answer.status(), answer.body()), outcome::failed));
    }

    private record Answer(int status, Buffer body) {}

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .completeOnTimeout(null, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
