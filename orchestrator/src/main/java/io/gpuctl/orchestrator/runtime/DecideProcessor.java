package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.logging.LogFields;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.policy.Policies;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Passes each input of one partition to the core of its pool, writes what the core decided, and stores the changes; all
 * of these commit together. The pools stay in memory while this processor has the partition.
 */
final class DecideProcessor implements Processor<String, PoolInput, String, PoolScoped> {
    /** The time between two ticks of the core, in wall-clock time. */
    private static final Duration TICK = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(DecideProcessor.class);

    private final OrchestratorConfig config;
    private final InputOrder order;
    private final CommitPace pace;
    private final InputLimit limit = new InputLimit();
    private final PossibleReports possible;
    private final SortedMap<PoolId, PoolOrchestrator> pools = new TreeMap<>();
    private final SortedMap<PoolId, AttemptTokens> tokens = new TreeMap<>();
    private final SchedulerMetrics metrics;
    private final Map<PoolId, PoolMetrics> poolMetrics = new HashMap<>();
    private @Nullable ProcessorContext<String, PoolScoped> context;
    private @Nullable StateRepository repository;

    /** When the newest facts were written, as {@link System#nanoTime}. */
    private long wroteNanos;

    /** The time from the sending of the newest input to its decision, ms. */
    private long ageMs;

    /** Wakes this processor when its facts may be committed; null if none is set. */
    private @Nullable Cancellable alarm;

    DecideProcessor(OrchestratorConfig config, InputOrder order, CommitPace pace, SchedulerMetrics metrics) {
        this.config = config;
        this.order = order;
        this.pace = pace;
        this.metrics = metrics;
        possible = new PossibleReports(config.clock());
    }

    @Override
    public void init(ProcessorContext<String, PoolScoped> newContext) {
        context = newContext;
        alarm = null;
        repository = new StateRepository(newContext.getStateStore(OrchestratorTopology.STATE_STORE));
        pools.clear();
        tokens.clear();
        Collection<PoolState> stored = repository.load();
        if (stored.isEmpty()) {
            stored = StateRebuild.fromFacts(config.kafka(), newContext.taskId().partition());
            for (PoolState state : stored) {
                repository.save(state.drainChanges());
            }
        }
        for (PoolState state : stored) {
            pools.put(state.pool(), orchestrator(state));
            metricsOf(state);
        }
        metrics.partitionOpened();
        newContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<String, PoolInput> record) {
        if (record.value() instanceof TaskCommand.ClaimTaskId) {
            return; // It belongs to no pool, and must not create one.
        }
        ProcessorContext<String, PoolScoped> here = context();
        PoolId pool = record.value().pool();
        int expected = PoolPartitioner.partition(pool);
        int found = here.taskId().partition();
        if (expected != found) {
            throw new MisplacedRecordException(pool, expected, found);
        }
        RecordMetadata metadata = here.recordMetadata().orElseThrow();
        long sentMs = order.sentMs(metadata.topic(), metadata.partition(), metadata.offset());
        order.taken(found, sentMs);
        ageMs = config.clock().wallTime().nowMs() - sentMs;
        PoolOrchestrator orchestrator = pools.computeIfAbsent(pool, id -> orchestrator(new PoolState(id)));
        Optional<String> doubt = record.value() instanceof TaskReport report
                ? whyNotBelieved(report, orchestrator.state())
                : Optional.empty();
        if (!limit.admits(record.value(), doubt.isEmpty(), sentMs)) {
            return;
        }
        doubt.ifPresent(reason -> {
            throw new RefusedRecordException(reason);
        });
        Cause cause = new Cause(metadata.topic(), metadata.partition(), metadata.offset());
        long startNanos = System.nanoTime();
        Decision decision = orchestrator.on(record.value(), cause);
        metricsOf(orchestrator.state()).decided(decision, System.nanoTime() - startNanos);
        write(decision, orchestrator);
    }

    private Optional<String> whyNotBelieved(TaskReport report, PoolState state) {
        return tokens(state)
                .whyNot(report, state)
                .or(() -> possible.whyNot(report, state))
                .map(reason -> "A report of attempt %s cannot be believed: %s".formatted(report.attempt(), reason));
    }

    private AttemptTokens tokens(PoolState state) {
        return tokens.computeIfAbsent(
                state.pool(), _ -> new AttemptTokens(context().getStateStore(OrchestratorTopology.STATE_STORE), state));
    }

    private void tick(long machineMs) {
        long nowMs = config.clock().nowMs();
        boolean isBehind = order.isBehind(context().taskId().partition());
        for (PoolOrchestrator orchestrator : pools.values()) {
            long startNanos = System.nanoTime();
            Decision decision = orchestrator.onTick(nowMs, isBehind);
            PoolMetrics ofPool = metricsOf(orchestrator.state());
            ofPool.decided(decision, System.nanoTime() - startNanos);
            write(decision, orchestrator);
            ofPool.countIfDue(orchestrator.state());
        }
    }

    private void write(Decision decision, PoolOrchestrator orchestrator) {
        if (decision.facts().isEmpty()) {
            return;
        }
        long wallMs = config.clock().wallTime().nowMs();
        ProcessorContext<String, PoolScoped> here = context();
        PoolMetrics ofPool = metricsOf(orchestrator.state());
        for (Fact fact : decision.facts()) {
            log(fact);
            ofPool.wrote(fact, wallMs);
            here.forward(new Record<>(fact.event().subject(), fact, wallMs), OrchestratorTopology.WRITE_FACTS);
        }
        for (NodeCommand command : decision.commands()) {
            NodeCommand proven =
                    tokens(orchestrator.state()).proven(command, orchestrator.state(), decision.commands());
            here.forward(new Record<>(command.nodeId().value(), proven, wallMs), OrchestratorTopology.WRITE_COMMANDS);
        }
        if (repository == null) {
            throw new IllegalStateException("The processor is not initialised");
        }
        repository.save(orchestrator.state().drainChanges());
        wroteNanos = System.nanoTime();
        commitWhenDue();
    }

    private void commitWhenDue() {
        long leftMs = pace.leftMs(ageMs);
        if (leftMs <= 0) {
            context().commit();
        } else if (alarm == null) {
            alarm = context().schedule(Duration.ofMillis(leftMs), PunctuationType.WALL_CLOCK_TIME, this::onAlarm);
        }
    }

    private void onAlarm(long machineMs) {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        if (!pace.hasEndedSince(wroteNanos)) {
            commitWhenDue();
        }
    }

    private static void log(Fact fact) {
        switch (fact.event()) {
            case ClusterEvent.ClockSetBack set -> {
                try (var _ = LogFields.of(fact)) {
                    LOG.warn(
                            "The time of pool {} was {} ms ahead of the cluster's clock, at {}: set it back to {}",
                            fact.pool(),
                            set.fromMs() - fact.atMs(),
                            Instant.ofEpochMilli(set.fromMs()),
                            Instant.ofEpochMilli(fact.atMs()));
                }
            }
            case ClusterEvent.NodeRegistered registered
            when registered.insteadOf() > 0 -> {
                try (var _ = LogFields.of(fact)) {
                    LOG.warn(
                            "Node {} started in incarnation {} after {}, which is silent: its clock was set back in between",
                            registered.nodeId(),
                            registered.incarnation(),
                            registered.insteadOf());
                }
            }
            default -> {
                // Conditions follow the GPUs' measurements, and give more lines than all other facts together.
                Level level = fact.event() instanceof ClusterEvent.NodeConditionChanged ? Level.DEBUG : Level.INFO;
                if (LOG.isEnabledForLevel(level)) {
                    try (var _ = LogFields.of(fact)) {
                        LOG.atLevel(level).log("{}", fact.event());
                    }
                }
            }
        }
    }

    private PoolMetrics metricsOf(PoolState state) {
        return poolMetrics.computeIfAbsent(state.pool(), _ -> metrics.open(state));
    }

    /** Closes the metrics of the pools: another instance or thread now has the partition. */
    @Override
    public void close() {
        poolMetrics.values().forEach(metrics::close);
        poolMetrics.clear();
        metrics.partitionClosed();
    }

    private PoolOrchestrator orchestrator(PoolState state) {
        return new PoolOrchestrator(state, config.instanceId(), config.settings(), Policies::create);
    }

    private ProcessorContext<String, PoolScoped> context() {
        if (context == null) {
            throw new IllegalStateException("The processor is not initialised");
        }
        return context;
    }
}
