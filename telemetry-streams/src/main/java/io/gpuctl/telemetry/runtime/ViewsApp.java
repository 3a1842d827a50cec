package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.Replication;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;

/**
 * Runs the views. The topics must exist. {@link #start} returns at once; {@link #isReady} tells when queries are
 * answered. May be used from any thread.
 */
public final class ViewsApp implements AutoCloseable {
    /** The consumer group of all instances. It also names the transactions and changelogs: never change it. */
    public static final String APPLICATION_ID = Topics.VIEWS;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final Views views;
    private final ThreadFailures failures;
    private final CommittedCommands committed;
    private final ExecutorService completions;
    private final Path stores;
    private final RestoreProgress restoring = new RestoreProgress();
    private final KafkaStreamsMetrics streamsMetrics;

    /** Whether metrics are bound. Also set when the app closes: binding after that would end the thread that tries. */
    private final AtomicBoolean metricsBound = new AtomicBoolean();

    private ViewsApp(ViewsConfig config, MeterRegistry registry) {
        this.stores = config.stateDirectory().resolve(APPLICATION_ID);
        completions = Executors.newVirtualThreadPerTaskExecutor();
        failures = new ThreadFailures(InstantSource.system());
        CommandsSeen commandsSeen = new CommandsSeen(completions);
        streams = new KafkaStreams(
                ViewsTopology.build(config.clock(), commandsSeen),
                StreamsSettings.of(config, commandsSeen, Replication.ofFacts(config.kafka())),
                new PatientClients());
        LocalStores local = new LocalStores(streams, new Host(config.host(), config.port()), failures);
        committed = new CommittedCommands(config.kafka(), commandsSeen);
        views = new StoreViews(local, commandsSeen, failures::failure);
        streams.setUncaughtExceptionHandler(failures);
        streams.setGlobalStateRestoreListener(restoring);
        streamsMetrics = new KafkaStreamsMetrics(streams);
        streams.setStateListener((now, _) -> {
            local.forget();
            if (now == KafkaStreams.State.RUNNING) {
                committed.lookUp();
            }
            // Not earlier: Micrometer would look for new metrics only a minute later.
            if (now == KafkaStreams.State.RUNNING && metricsBound.compareAndSet(false, true)) {
                streamsMetrics.bindTo(registry);
            }
        });
    }

    /** The state of the views. */
    public enum State {
        /** Starting, getting partitions, or restoring stores. */
        STARTING,
        /** Queries are answered. */
        READY,
        /**
         * Stopped with an error, see {@link ViewsApp#failure}: only a restart helps, or, if {@link ViewsApp#newerLog}
         * is present, only a newer program.
         */
        FAILED,
        CLOSED
    }

    /** Starts the views without metrics. */
    public static ViewsApp start(ViewsConfig config) {
        return start(config, new CompositeMeterRegistry());
    }

    /**
     * Starts the views; stores that cannot be opened are removed first.
     *
     * @param registry gets the metrics of Kafka Streams
     */
    public static ViewsApp start(ViewsConfig config, MeterRegistry registry) {
        try {
            return new ViewsApp(config, registry).start();
        } catch (ProcessorStateException e) {
            StoreDamage.wipe(config.stateDirectory().resolve(APPLICATION_ID), StoreDamage.describe(e));
            return new ViewsApp(config, registry).start();
        }
    }

    private ViewsApp start() {
        try {
            streams.start(); // Opens the stores on disk.
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public Views views() {
        return views;
    }

    public State state() {
        if (failures.hasDamagedStore() || failures.newerLog().isPresent()) {
            return State.FAILED;
        }
        return switch (streams.state()) {
            case CREATED, REBALANCING -> State.STARTING;
            case RUNNING -> State.READY;
            case PENDING_ERROR, ERROR -> State.FAILED;
            case PENDING_SHUTDOWN, NOT_RUNNING -> failures.failure().isPresent() ? State.FAILED : State.CLOSED;
        };
    }

    /** Returns why the views have stopped, if they have failed. */
    public Optional<String> failure() {
        return failures.failure();
    }

    /** Returns the error if the views have failed because the log needs a newer program. */
    public Optional<NewerLogError> newerLog() {
        return failures.newerLog();
    }

    public boolean isReady() {
        return state() == State.READY;
    }

    /** Returns the number of records that the stores still have to restore. */
    public long restoreRemaining() {
        return restoring.remaining();
    }

    /**
     * Stops within seconds, commits, and keeps the state directory for the next start, unless a store in it is
     * unreadable. Other instances take over the partitions at once. A single instance stays in the group.
     */
    @Override
    public void close() {
        metricsBound.set(true);
        streams.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(membership()));
        streamsMetrics.close();
        committed.close();
        completions.close();
        if (failures.hasDamagedStore()) {
            StoreDamage.wipe(stores, failures.failure().orElse(""));
        }
    }

    /** A static member that stays in the group blocks its partitions until its session ends, six seconds later. */
    private GroupMembershipOperation membership() {
        return streams.state().isRunningOrRebalancing()
                        && streams.metadataForAllStreamsClients().size() > 1
                ? GroupMembershipOperation.LEAVE_GROUP
                : GroupMembershipOperation.REMAIN_IN_GROUP;
    }
}
