package io.gpuctl.events.logging;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.MDC;

/**
 * The fields of the log lines that the current thread writes until this object is closed: a JSON line has them next to
 * its message. All services use the same names, so that one search finds all lines about a task.
 *
 * <pre>{@code
 * try (var _ = LogFields.of(pool).and(nodeId)) {
 *     LOG.warn("...");
 * }
 * }</pre>
 *
 * <p>Open it around a log line, not around the work: a field costs a copy of the thread's context.
 */
public final class LogFields implements AutoCloseable {
    public static final String POOL = "pool";
    public static final String NODE = "node";
    public static final String TASK = "task";
    public static final String ATTEMPT = "attempt";

    /** The number of a fact in its pool. */
    public static final String FACT = "fact";

    public static final String TOPIC = "topic";
    public static final String PARTITION = "partition";
    public static final String OFFSET = "offset";

    /** Fields whose values are whole numbers. */
    public static final List<String> NUMBERS = List.of(ATTEMPT, FACT, PARTITION, OFFSET);

    private final List<String> opened = new ArrayList<>();

    private LogFields() {}

    public static LogFields of(PoolId pool) {
        return new LogFields().with(POOL, pool.value());
    }

    public static LogFields of(NodeId node) {
        return new LogFields().and(node);
    }

    public static LogFields of(AttemptId attempt) {
        return new LogFields().and(attempt);
    }

    /** Returns the fields of a record in Kafka. */
    public static LogFields ofRecord(String topic, int partition, long offset) {
        return new LogFields()
                .with(TOPIC, topic)
                .with(PARTITION, Integer.toString(partition))
                .with(OFFSET, Long.toString(offset));
    }

    /** Returns the fields of the pool, node, task or attempt that the fact is about. */
    public static LogFields of(Fact fact) {
        LogFields fields = of(fact.pool()).with(FACT, Long.toString(fact.sequence()));
        return switch (fact.event()) {
            case ClusterEvent.OfTask event
            when event.attempt() > 0 -> fields.and(new AttemptId(event.taskId(), event.attempt()));
            case ClusterEvent.OfTask event -> fields.and(event.taskId());
            case ClusterEvent.OfNode event -> fields.and(event.nodeId());
            case ClusterEvent.OrchestratorStarted _,
                    ClusterEvent.PoolConfigured _,
                    ClusterEvent.ClockSetBack _,
                    ClusterEvent.SchedulerRan _ -> fields;
        };
    }

    public LogFields and(NodeId node) {
        return with(NODE, node.value());
    }

    public LogFields and(TaskId task) {
        return with(TASK, task.value());
    }

    public LogFields and(AttemptId attempt) {
        return and(attempt.taskId()).with(ATTEMPT, Integer.toString(attempt.number()));
    }

    private LogFields with(String name, String value) {
        MDC.put(name, value);
        opened.add(name);
        return this;
    }

    @Override
    public void close() {
        opened.forEach(MDC::remove);
    }
}
