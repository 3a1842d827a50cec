package io.gpuctl.cli.cluster;

import io.gpuctl.api.health.Stopping;
import io.gpuctl.api.views.ViewsService;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The REST service with its views, in this process. Quarkus can run only once in a process, so there is at most one.
 */
final class ApiService implements Service {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Thread thread = Thread.ofPlatform().name("gpuctl-api").unstarted(this::runQuarkus);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closing;

    private final Duration drain;

    private ApiService(Duration drain) {
        this.drain = drain;
    }

    /** Starts to boot the service; {@link Readiness} tells when it answers. */
    static ApiService start(ApiConfig config) {
        config.properties().forEach(System::setProperty);
        var service = new ApiService(config.drain());
        service.thread.start();
        return service;
    }

    private void runQuarkus() {
        try {
            Quarkus.run(ApiApplication.class, this::ended);
        } catch (RuntimeException | LinkageError e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Replaces Quarkus' own handler, which would end the process. */
    private void ended(int exitCode, @Nullable Throwable cause) {
        if (!closing) {
            failure.compareAndSet(
                    null, cause != null ? cause : new IllegalStateException("it ended, code " + exitCode));
        }
    }

    @Override
    public String name() {
        return "API";
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get()).or(ApiService::newerLog);
    }

    /**
     * Reports that the log needs a newer version of the program. The views then stop for good, but the service itself
     * would run on without ever becoming ready.
     */
    private static Optional<Throwable> newerLog() {
        var container = Arc.container();
        return container != null && container.isRunning()
                ? container.select(ViewsService.class).get().newerLog().map(newer -> newer)
                : Optional.empty();
    }

    /** Prepares the stop before anything is closed: Quarkus closes the port first. */
    private void prepare() throws InterruptedException {
        var container = Arc.container();
        if (container != null && container.isRunning()) {
            container.select(Stopping.class).get().prepare(drain);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            prepare();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // Stop without waiting.
        }
        Quarkus.asyncExit(0);
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
