package io.gpuctl.telemetry.runtime;

import static java.util.Objects.requireNonNull;

import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.telemetry.conditions.ConditionSmoother;
import io.gpuctl.telemetry.conditions.ConditionSmoother.Smoothed;
import io.gpuctl.telemetry.conditions.TelemetrySummary;
import io.gpuctl.telemetry.conditions.TelemetryWindow;
import io.gpuctl.telemetry.conditions.TelemetryWindows;
import io.gpuctl.telemetry.views.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Stores the last telemetry, the windows and the summary, and emits a node's condition when it has changed. */
final class TelemetryProcessor implements Processor<String, NodeTelemetry, String, NodeCondition> {
    private static final Duration SUMMARY_INTERVAL = Duration.ofSeconds(1);

    /** Wall time after which the data of a silent node is deleted. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private final ConditionSmoother smoother;

    /** One entry per node of this partition. */
    private final TreeMap<NodeId, Heard> nodes = new TreeMap<>();

    private @Nullable ProcessorContext<String, NodeCondition> context;
    private @Nullable KeyValueStore<String, NodeTelemetry> telemetry;
    private @Nullable KeyValueStore<String, TelemetryWindow> windows;
    private @Nullable KeyValueStore<String, NodeCondition> conditions;
    private @Nullable KeyValueStore<String, TelemetrySummary> summary;

    TelemetryProcessor(ConditionSmoother smoother) {
        this.smoother = smoother;
    }

    /**
     * The last telemetry of a node.
     *
     * @param wallMs when it came, wall-clock time: the nodes' own clocks may be wrong
     * @param currentUntilMs wall-clock time from which on it is no longer in the summary
     */
    private record Heard(Smoothed smoothed, TelemetrySummary summary, long wallMs, long currentUntilMs) {}

    @Override
    public void init(ProcessorContext<String, NodeCondition> given) {
        context = given;
        telemetry = given.getStateStore(ViewStores.TELEMETRY);
        windows = given.getStateStore(ViewStores.WINDOWS);
        conditions = given.getStateStore(ViewStores.CONDITIONS);
        summary = given.getStateStore(ViewStores.SUMMARY);
        resume();
        given.schedule(SUMMARY_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::summarize);
        given.schedule(FORGOTTEN_AFTER.dividedBy(6), PunctuationType.WALL_CLOCK_TIME, this::forgetSilent);
    }

    /** Resumes smoothing from the last conditions, so that a restart emits no unchanged condition. */
    private void resume() {
        nodes.clear();
        long nowMs = requireNonNull(context).currentSystemTimeMs();
        try (KeyValueIterator<String, NodeCondition> entries =
                requireNonNull(conditions).all()) {
            while (entries.hasNext()) {
                KeyValue<String, NodeCondition> entry = entries.next();
                nodes.put(
                        new NodeId(entry.key),
                        new Heard(Smoothed.resumed(entry.value), TelemetrySummary.EMPTY, nowMs, nowMs));
            }
        }
    }

    @Override
    public void process(Record<String, NodeTelemetry> record) {
        NodeTelemetry sample = record.value();
        Heard before = nodes.get(sample.nodeId());
        ConditionSmoother.Step step = smoother.sample(before == null ? null : before.smoothed(), sample);
        long nowMs = requireNonNull(context).currentSystemTimeMs();
        nodes.put(
                sample.nodeId(),
                new Heard(
                        step.next(),
                        TelemetryWindows.summary(sample),
                        nowMs,
                        nowMs + sample.currentFor().toMillis()));
        requireNonNull(telemetry).put(sample.nodeId().value(), sample);
        addToWindow(sample);
        NodeCondition emitted = step.emitted();
        if (emitted != null) {
            requireNonNull(conditions).put(sample.nodeId().value(), emitted);
            requireNonNull(context).forward(new Record<>(sample.nodeId().value(), emitted, record.timestamp()));
        }
    }

    private void addToWindow(NodeTelemetry sample) {
        KeyValueStore<String, TelemetryWindow> store = requireNonNull(windows);
        long startMs = TelemetryWindows.startMs(sample.atMs());
        String key = StoreKeys.windowKey(sample.nodeId(), startMs);
        TelemetryWindow before = store.get(key);
        store.put(key, TelemetryWindows.add(before, sample));
        if (before == null) {
            NodeId nodeId = sample.nodeId();
            delete(
                    StoreKeys.windowKey(nodeId, Long.MIN_VALUE),
                    StoreKeys.windowKey(nodeId, startMs - TelemetryWindows.KEPT_MS));
            // Windows from before the node's clock was set back.
            delete(
                    StoreKeys.windowKey(nodeId, startMs + TelemetryWindows.KEPT_MS),
                    StoreKeys.windowKey(nodeId, Long.MAX_VALUE));
        }
    }

    private void delete(String from, String to) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, TelemetryWindow> entries =
                requireNonNull(windows).range(from, to)) {
            while (entries.hasNext()) {
                keys.add(entries.next().key);
            }
        }
        keys.forEach(requireNonNull(windows)::delete);
    }

    private void summarize(long nowMs) {
        TelemetrySummary sum = TelemetrySummary.EMPTY;
        for (Heard heard : nodes.values()) {
            if (nowMs <= heard.currentUntilMs()) {
                sum = sum.plus(heard.summary());
            }
        }
        requireNonNull(summary).put(ViewStores.SUMMARY_KEY, sum);
    }

    private void forgetSilent(long nowMs) {
        nodes.entrySet().removeIf(entry -> {
            boolean silent = nowMs - entry.getValue().wallMs() > FORGOTTEN_AFTER.toMillis();
            if (silent) {
                forget(entry.getKey());
            }
            return silent;
        });
    }

    private void forget(NodeId nodeId) {
        requireNonNull(telemetry).delete(nodeId.value());
        requireNonNull(conditions).delete(nodeId.value());
        delete(StoreKeys.windowKey(nodeId, Long.MIN_VALUE), StoreKeys.windowKey(nodeId, Long.MAX_VALUE));
    }
}
