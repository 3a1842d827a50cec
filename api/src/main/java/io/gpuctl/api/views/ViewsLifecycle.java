package io.gpuctl.api.views;

import static org.apache.kafka.clients.admin.AdminClientConfig.CLIENT_ID_CONFIG;

import io.gpuctl.api.kafka.KafkaClients;
import io.gpuctl.api.settings.ApiSettings;
import io.gpuctl.api.settings.HostAndPort;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.TopicSetup;
import io.gpuctl.events.kafka.TopicSetup.TopicMismatchException;
import io.gpuctl.telemetry.runtime.Views;
import io.gpuctl.telemetry.runtime.ViewsApp;
import io.gpuctl.telemetry.runtime.ViewsConfig;
import io.gpuctl.telemetry.runtime.ViewsNotReadyException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Starts the views when the broker is available, restarts them after a failure, and closes them. It waits on its own
 * thread: the service listens from the start, and reports that it is not ready.
 */
@ApplicationScoped
class ViewsLifecycle implements ViewsService {

    private static final long CHECK_PERIOD_MS = 1_000;

    private final ApiSettings settings;
    private final InternalViewsServer internal;
    private final KafkaClients clients;
    private final ClusterClock clock;
    private final MeterRegistry registry;
    private final Thread supervisor =
            Thread.ofPlatform().daemon().name("views-supervisor").unstarted(this::supervise);

    private volatile @Nullable ViewsApp app;
    private volatile String notStarted = "The views are waiting for the broker";

    /** Set when the views find that the log needs a newer program; they are then not restarted. Otherwise null. */
    private volatile @Nullable NewerLogError newerLog;

    /** Empty until the views have failed. */
    private volatile String lastFailure = "";

    ViewsLifecycle(
            ApiSettings settings,
            InternalViewsServer internal,
            KafkaClients clients,
            ClusterClock clock,
            MeterRegistry registry) {
        this.settings = settings;
        this.internal = internal;
        this.clients = clients;
        this.clock = clock;
        this.registry = registry;
    }

    void start(@Observes StartupEvent event) {
        supervisor.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        supervisor.interrupt();
        supervisor.join();
    }

    private void supervise() {
        try {
            ensureTopics();
            while (newerLog == null && !Thread.currentThread().isInterrupted()) {
                runUntilFailed();
            }
        } catch (InterruptedException _) {
            Log.debug("The service is stopping");
        }
    }

    private void ensureTopics() throws InterruptedException {
        try (var admin = Admin.create(clients.with(Map.of(CLIENT_ID_CONFIG, "gpuctl-api-setup")))) {
            while (true) {
                try {
                    TopicSetup.ensureTopics(admin);
                    return;
                } catch (TopicMismatchException e) {
                    // An operator may create the topics, or grant the rights, in the meantime.
                    waitFor(String.valueOf(e.getMessage()));
                } catch (ExecutionException e) {
                    waitFor("Cannot check the topics, retrying: " + e.getCause());
                }
            }
        }
    }

    /** Logs each reason once, not each second. */
    private void waitFor(String reason) throws InterruptedException {
        if (!reason.equals(notStarted)) {
            notStarted = reason;
            Log.warn(reason);
        }
        Thread.sleep(CHECK_PERIOD_MS);
    }

    private void runUntilFailed() throws InterruptedException {
        try (var started = ViewsApp.start(config(), registry)) {
            app = started;
            while (started.state() != ViewsApp.State.FAILED) {
                Thread.sleep(CHECK_PERIOD_MS);
            }
            if (started.newerLog().isPresent()) {
                newerLog = started.newerLog().get();
                notStarted = newerLog.sentence();
                Log.error(notStarted);
                return;
            }
            lastFailure = " after a failure: " + started.failure().orElse("unknown reason");
            notStarted = "The views are restarting" + lastFailure;
            Log.error(notStarted);
        } catch (RuntimeException e) {
            // Whatever the failure, this thread must not end: nothing else would start the views.
            notStarted = "Cannot start the views, retrying: " + e.getMessage();
            Log.error(notStarted);
            Thread.sleep(CHECK_PERIOD_MS);
        } finally {
            app = null;
        }
    }

    private ViewsConfig config() {
        var address = internal.address();
        return new ViewsConfig(
                clients.connection(),
                settings.instanceId(),
                address.host(),
                address.port(),
                settings.stateDirectory(),
                settings.standbyReplicas(),
                clock);
    }

    @Override
    public Views views() {
        var current = app;
        if (current == null) {
            throw new ViewsNotReadyException(notStarted);
        }
        return current.views();
    }

    @Override
    public Optional<NewerLogError> newerLog() {
        return Optional.ofNullable(newerLog);
    }

    @Override
    public HostAndPort publicAddress() {
        return settings.publicAddress();
    }

    @Override
    public boolean isReady() {
        var current = app;
        return current != null && current.isReady();
    }

    @Override
    public long restoreRemaining() {
        var current = app;
        return current == null ? 0 : current.restoreRemaining();
    }

    @Override
    public @Nullable String problem() {
        var current = app;
        if (current == null) {
            return notStarted;
        }
        return switch (current.state()) {
            case READY -> null;
            case STARTING -> "The views are starting, getting their partitions or restoring their stores" + lastFailure;
            case FAILED ->
                current.newerLog()
                        .map(NewerLogError::sentence)
                        .orElseGet(() -> current.failure().orElse("The views failed") + "; they will be restarted");
            case CLOSED -> "The views are closed";
        };
    }
}
