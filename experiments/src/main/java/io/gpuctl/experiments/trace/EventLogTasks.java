package io.gpuctl.experiments.trace;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.LogRecord;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.kafka.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the tasks of an exported event log: all tasks submitted to a cluster, whatever their outcome. Times count from
 * the first fact.
 */
final class EventLogTasks {
    private static final String NOT_OF_TASKS =
            "a workload says what is submitted, and no more: gpuctl replay repeats it";

    private final Path directory;
    private final ArrivalList arrivals;
    private final FieldCounts unused = new FieldCounts();
    private final List<Submission> submissions = new ArrayList<>();
    private long startMs = Long.MAX_VALUE;

    private record Submission(TaskSpec task, long atMs) {}

    private EventLogTasks(Path directory) {
        this.directory = directory;
        arrivals = new ArrivalList(directory, new BadRows(false));
    }

    static Workload read(Path directory) throws WorkloadFormatException {
        var tasks = new EventLogTasks(directory);
        try {
            EventLogReader log = EventLogReader.open(directory);
            for (PartitionFile partition : log.partitions(Topics.CLUSTER_EVENTS.name())) {
                tasks.read(log, partition.partition());
            }
        } catch (EventLogException e) {
            throw new WorkloadFormatException(e);
        }
        return tasks.workload();
    }

    private void read(EventLogReader log, int partition) {
        try (Stream<LogRecord<Fact>> facts = log.facts(partition)) {
            facts.filter(LogRecord::isReadable).map(LogRecord::value).forEach(this::take);
        }
    }

    private void take(Fact fact) {
        startMs = Math.min(startMs, fact.atMs());
        switch (fact.event()) {
            case ClusterEvent.TaskSubmitted submitted -> submissions.add(new Submission(submitted.task(), fact.atMs()));
            case ClusterEvent.TaskRejected rejected -> submissions.add(new Submission(rejected.task(), fact.atMs()));
            case ClusterEvent.TaskCancelled _ -> unused.count("cancellations", NOT_OF_TASKS);
            case ClusterEvent.NodeLost _ -> unused.count("nodes lost", NOT_OF_TASKS);
            case ClusterEvent.NodeShutDown _ -> unused.count("nodes shut down", NOT_OF_TASKS);
            case ClusterEvent.NodeFaulted _ -> unused.count("faults of nodes", NOT_OF_TASKS);
            case ClusterEvent.OfTask _ -> {}
            case ClusterEvent.OfNode _ -> {}
            case ClusterEvent.OrchestratorStarted _ -> {}
            case ClusterEvent.ClockSetBack _ -> {}
            case ClusterEvent.PoolConfigured _ -> {}
            case ClusterEvent.SchedulerRan _ -> {}
        }
    }

    private Workload workload() throws WorkloadFormatException {
        int number = 0;
        for (Submission submission : submissions) {
            number++;
            arrivals.add(
                    new Arrival(submission.atMs() - startMs, submission.task()),
                    number,
                    "the task " + submission.task().taskId());
        }
        var notes = new ReadingNotes(unused.fields(), List.of(), List.of(), Map.of());
        return arrivals.workload(String.valueOf(directory.getFileName()), TraceFormat.LOG, notes);
    }
}
