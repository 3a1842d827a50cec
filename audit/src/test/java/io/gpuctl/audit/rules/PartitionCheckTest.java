package io.gpuctl.audit.rules;

import static io.gpuctl.audit.rules.RecordedCluster.CHANGELOG;
import static io.gpuctl.audit.rules.RecordedCluster.POOL;
import static io.gpuctl.audit.rules.RecordedCluster.attempt;
import static io.gpuctl.audit.rules.RecordedCluster.place;
import static io.gpuctl.audit.rules.RecordedCluster.source;
import static io.gpuctl.audit.rules.RecordedCluster.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.telemetry.views.NodeRecord;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.TaskView;
import io.gpuctl.telemetry.views.UserCursor;
import io.gpuctl.telemetry.views.UserView;
import io.gpuctl.telemetry.views.XidCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clean log has no violations; the check finds each kind of damage at its place. */
class PartitionCheckTest {
    private static final String FACTS = Topics.CLUSTER_EVENTS.name();

    private final RecordedCluster cluster = RecordedCluster.eventful();
    private final Counts counts = new Counts();
    private final Violations violations = new Violations(1_000);

    private List<Violation> check() {
        return check(cluster.logs());
    }

    private List<Violation> check(PartitionLogs logs) {
        new PartitionCheck(logs, cluster.state, cluster.storedViews(), counts, violations).run();
        return violations.kept();
    }

    private void assertFound(String rule, Place place) {
        assertThat(check()).anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo(rule);
            assertThat(violation.place()).isEqualTo(place);
        });
    }

    /** Returns the index of the first fact with an event of this type. */
    private int indexOf(Class<? extends ClusterEvent> type, @Nullable String task) {
        for (int i = 0; i < cluster.facts.size(); i++) {
            ClusterEvent event = factAt(i).event();
            if (type.isInstance(event) && (task == null || event.subject().equals(task))) {
                return i;
            }
        }
        throw new AssertionError("The log has no " + type + " of " + task);
    }

    private Fact factAt(int index) {
        return value(cluster.facts.get(index));
    }

    private static <V> V value(Entry<V> entry) {
        V value = entry.value();
        if (value == null) {
            throw new AssertionError(entry);
        }
        return value;
    }

    private void replace(int index, ClusterEvent event) {
        Fact old = factAt(index);
        replace(index, new Fact(old.pool(), old.sequence(), old.atMs(), old.cause(), event));
    }

    private void replace(int index, Fact fact) {
        cluster.facts.set(index, Entry.of(place(FACTS, index), fact));
    }

    private static <V> void renumber(List<Entry<V>> entries, String topic) {
        List<Entry<V>> old = new ArrayList<>(entries);
        entries.clear();
        old.forEach(entry -> entries.add(Entry.of(place(topic, entries.size()), value(entry))));
    }

    @Test
    void tasksThatMakeRoomLeaveACleanLog() {
        RecordedCluster preemptive = RecordedCluster.preemptive();
        new PartitionCheck(preemptive.logs(), preemptive.state, preemptive.storedViews(), counts, violations).run();

        assertThat(violations.kept()).isEmpty();
        assertThat(counts.tasks()).containsKeys(TaskState.PREEMPTING, TaskState.QUEUED, TaskState.BACKING_OFF);
    }

    @Test
    void gangsOverSeveralNodesLeaveACleanLog() {
        RecordedCluster spanning = RecordedCluster.spanning();
        new PartitionCheck(spanning.logs(), spanning.state, spanning.storedViews(), counts, violations).run();

        assertThat(violations.kept()).isEmpty();
        assertThat(counts.attempts()).isEqualTo(7);
        assertThat(counts.tasks())
                .containsEntry(TaskState.COMPLETED, 2L)
                .containsEntry(TaskState.CANCELLED, 1L)
                .containsEntry(TaskState.PLACED, 1L);
    }

    @Test
    void nodesInCareLeaveACleanLog() {
        RecordedCluster inCare = RecordedCluster.inCare();
        new PartitionCheck(inCare.logs(), inCare.state, inCare.storedViews(), counts, violations).run();

        assertThat(violations.kept()).isEmpty();
        assertThat(counts.attempts()).isEqualTo(6);
    }

    @Test
    void forgottenTasksLeaveACleanLog() {
        RecordedCluster forgetful = RecordedCluster.forgetful();
        new PartitionCheck(forgetful.logs(), forgetful.state, forgetful.storedViews(), counts, violations).run();

        assertThat(violations.kept()).isEmpty();
        assertThat(counts.submissionsDecided).isEqualTo(7);
        assertThat(counts.submissionsRepeated).isEqualTo(2);
        assertThat(forgetful.views.tasks()).containsOnlyKeys(new TaskId("t3"), new TaskId("t5"));
    }

    @Test
    void usersStoredByAnOlderProgramAreFine() {
        StoredViews views = cluster.storedViews();
        cluster.views
                .users()
                .forEach((key, user) ->
                        views.users().put(key, RecordedCluster.view("users", 97, user.withoutSequence())));
        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();

        assertThat(views.users()).isNotEmpty();
        assertThat(violations.kept()).isEmpty();
    }

    /** Each fact that takes a node or GPU out of service or puts it back, without its reason. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                ClusterEvent.NodeCordoned.class,
                ClusterEvent.NodeUncordoned.class,
                ClusterEvent.GpuTakenOut.class,
                ClusterEvent.GpuReturned.class,
                ClusterEvent.NodeSlow.class
            })
    void nobodyIsTakenOutOfServiceOrPutBackWithoutAReason(Class<? extends ClusterEvent> type) {
        RecordedCluster inCare = RecordedCluster.inCare();
        for (int i = 0; i < inCare.facts.size(); i++) {
            Fact fact = value(inCare.facts.get(i));
            if (type.isInstance(fact.event())) {
                Fact without = new Fact(fact.pool(), fact.sequence(), fact.atMs(), Cause.TIMER, fact.event());
                inCare.facts.set(i, Entry.of(place(FACTS, i), without));
                break;
            }
        }
        new PartitionCheck(inCare.logs(), inCare.state, inCare.storedViews(), counts, violations).run();

        assertThat(violations.kept()).extracting(Violation::rule).contains("node-service");
    }

    @Test
    void nothingIsPlacedOnACordonedNodeOrAGpuThatIsOut() {
        RecordedCluster inCare = RecordedCluster.inCare();
        List<Fact> facts = inCare.facts.stream().map(PartitionCheckTest::value).toList();
        inCare.facts.clear();
        long sequence = 0;
        for (Fact fact : facts) {
            boolean isPutBack = fact.event() instanceof ClusterEvent.NodeUncordoned
                    || fact.event() instanceof ClusterEvent.GpuReturned;
            if (!isPutBack) {
                sequence++;
                inCare.facts.add(Entry.of(
                        place(FACTS, inCare.facts.size()),
                        new Fact(fact.pool(), sequence, fact.atMs(), fact.cause(), fact.event())));
            }
        }
        new PartitionCheck(inCare.logs(), null, null, counts, violations).run();

        assertThat(violations.kept())
                .extracting(Violation::text)
                .anyMatch(text -> text.contains("is cordoned"))
                .anyMatch(text -> text.contains("GPU 1 of node a is out"));
    }

    @Test
    void aPreemptionNeedsTheNodesWord() {
        RecordedCluster preemptive = RecordedCluster.preemptive();
        for (int i = 0; i < preemptive.facts.size(); i++) {
            Entry<Fact> entry = preemptive.facts.get(i);
            if (entry.value().event() instanceof ClusterEvent.TaskRequeued requeued
                    && requeued.reason() == EndReason.PREEMPTED) {
                Fact fact = entry.value();
                preemptive.facts.set(
                        i,
                        Entry.of(
                                entry.place(),
                                new Fact(fact.pool(), fact.sequence(), fact.atMs(), Cause.TIMER, requeued)));
            }
        }
        new PartitionCheck(preemptive.logs(), preemptive.state, preemptive.storedViews(), counts, violations).run();

        assertThat(violations.kept()).extracting(Violation::rule).contains("report");
    }

    @Test
    void findsNothingInACleanLog() {
        assertThat(check()).isEmpty();
    }

    @Test
    void countsWhatIsThere() {
        check();

        assertThat(counts.tasks())
                .isEqualTo(Map.of(
                        TaskState.COMPLETED, 3L,
                        TaskState.CANCELLED, 1L,
                        TaskState.REJECTED, 1L,
                        TaskState.RUNNING, 1L,
                        TaskState.PLACED, 1L,
                        TaskState.QUEUED, 1L));
        assertThat(counts.nodes()).isEqualTo(2);
        assertThat(counts.gpus()).isEqualTo(4);
        assertThat(counts.submissionsRepeated()).isEqualTo(1);
        assertThat(counts.nodeCommandsMatched()).isEqualTo(cluster.placements.size());
    }

    @Test
    void findsAMissingFact() {
        int index = indexOf(ClusterEvent.TaskStarted.class, "t1");
        cluster.facts.remove(index);

        assertFound("sequence", place(FACTS, index + 1));
    }

    /** The facts after it are in order. */
    @Test
    void findsAFactWithAWrongNumber() {
        Fact fact = factAt(10);
        cluster.facts.add(
                10,
                Entry.of(
                        place(FACTS, 10),
                        new Fact(fact.pool(), Long.MAX_VALUE, fact.atMs(), Cause.TIMER, fact.event())));
        renumber(cluster.facts, FACTS);

        assertFound("sequence", place(FACTS, 10));
        assertThat(violations.kept())
                .filteredOn(violation -> violation.place().topic().equals(FACTS))
                .allSatisfy(violation -> assertThat(violation.place()).isEqualTo(place(FACTS, 10)));
    }

    @Test
    void findsARepeatedFact() {
        int last = cluster.facts.size() - 1;
        cluster.facts.add(Entry.of(place(FACTS, last + 1), factAt(last)));

        assertFound("sequence", place(FACTS, last + 1));
    }

    @Test
    void findsTimeThatGoesBack() {
        int index = indexOf(ClusterEvent.TaskStarted.class, "t2");
        Fact fact = factAt(index);
        replace(index, new Fact(fact.pool(), fact.sequence(), 1, fact.cause(), fact.event()));

        assertFound("sequence", place(FACTS, index));
    }

    @Test
    void findsAnIllegalStepAndOnlyThat() {
        int index = indexOf(ClusterEvent.TaskStarted.class, "t1");
        replace(index, new ClusterEvent.TaskStarted(new TaskId("t1"), 7));

        assertFound("legal-steps", place(FACTS, index));
        assertThat(violations.kept())
                .filteredOn(violation -> violation.rule().equals("legal-steps"))
                .hasSize(1);
    }

    @Test
    void findsAFactInTheWrongPartition() {
        PoolId other = otherPartition();
        Fact last = factAt(cluster.facts.size() - 1);
        int offset = cluster.facts.size();
        cluster.facts.add(
                Entry.of(place(FACTS, offset), new Fact(other, 1, last.atMs(), Cause.OPERATOR, last.event())));

        assertFound("partition", place(FACTS, offset));
    }

    @Test
    void findsACommandInTheWrongPartition() {
        int offset = cluster.commands.size();
        Place place = place(Topics.TASK_COMMANDS.name(), offset);
        cluster.commands.add(Entry.of(place, new TaskCommand.CancelTask(otherPartition(), new TaskId("t9"), 1)));

        assertFound("partition", place);
    }

    private static PoolId otherPartition() {
        for (int i = 0; ; i++) {
            PoolId pool = new PoolId("pool" + i);
            if (PoolPartitioner.partition(pool) != RecordedCluster.PARTITION) {
                return pool;
            }
        }
    }

    @Test
    void findsADoublePlacement() {
        int index = indexOf(ClusterEvent.TaskStarted.class, "t2");
        ClusterEvent.TaskPlaced placed = (ClusterEvent.TaskPlaced)
                factAt(indexOf(ClusterEvent.TaskPlaced.class, "t2")).event();
        replace(
                index,
                new ClusterEvent.TaskPlaced(placed.taskId(), 2, placed.allocations(), Collections.emptySortedMap()));

        assertFound("legal-steps", place(FACTS, index));
    }

    @Test
    void findsAGpuGivenOutTwiceByItsOwnCount() {
        int index = indexOf(ClusterEvent.TaskPlaced.class, "t2");
        ClusterEvent.TaskPlaced placed = (ClusterEvent.TaskPlaced) factAt(index).event();
        Allocation onB = placed.allocations().getFirst();
        ClusterEvent.TaskPlaced first = (ClusterEvent.TaskPlaced)
                factAt(indexOf(ClusterEvent.TaskPlaced.class, "t1")).event();
        Allocation onA = new Allocation(
                first.allocations().getFirst().nodeId(), 1, List.of(0, 1), 1000, onB.gpuMemoryMib(), 0, 0);
        replace(index, new ClusterEvent.TaskPlaced(placed.taskId(), 1, List.of(onA), Collections.emptySortedMap()));

        assertFound("capacity", place(FACTS, index));
    }

    @Test
    void findsAPartOfAGang() {
        int index = indexOf(ClusterEvent.TaskPlaced.class, "t2");
        ClusterEvent.TaskPlaced placed = (ClusterEvent.TaskPlaced) factAt(index).event();
        Allocation whole = placed.allocations().getFirst();
        Allocation part = new Allocation(whole.nodeId(), 1, List.of(0), 1000, whole.gpuMemoryMib(), 0, 0);
        replace(index, new ClusterEvent.TaskPlaced(placed.taskId(), 1, List.of(part), Collections.emptySortedMap()));

        assertFound("capacity", place(FACTS, index));
    }

    @Test
    void findsAChangedSubmission() {
        int index = indexOf(ClusterEvent.TaskSubmitted.class, "t3");
        replace(index, new ClusterEvent.TaskSubmitted(task("t3", 2)));

        assertFound("submission", place(FACTS, index));
    }

    @Test
    void findsALostSubmission() {
        Place place = place(Topics.TASK_COMMANDS.name(), cluster.commands.size());
        cluster.commands.add(Entry.of(place, new TaskCommand.SubmitTask(task("lost", 1), 1)));

        assertFound("submission", place);
    }

    @Test
    void takesASubmissionThatWasNotConsumedAsPending() {
        long offset = cluster.commands.size();
        PartitionLogs all = cluster.logs();
        cluster.commands.add(
                Entry.of(place(Topics.TASK_COMMANDS.name(), offset), new TaskCommand.SubmitTask(task("late", 1), 1)));
        PartitionLogs logs = cluster.logs();

        List<Violation> found = check(new PartitionLogs(
                all.partition(),
                logs.facts(),
                logs.commands(),
                logs.placements(),
                logs.reports(),
                logs.nodeEvents(),
                logs.conditions(),
                offset,
                logs.reportsConsumed()));

        assertThat(found).isEmpty();
        assertThat(counts.commandsPending()).isEqualTo(1);
    }

    @Test
    void findsACauseThatIsNotThere() {
        int index = indexOf(ClusterEvent.TaskCompleted.class, "t1");
        Fact fact = factAt(index);
        Cause nowhere = new Cause(Topics.TASK_REPORTS.name(), RecordedCluster.PARTITION, 1_000);
        replace(index, new Fact(fact.pool(), fact.sequence(), fact.atMs(), nowhere, fact.event()));

        assertFound("cause", place(FACTS, index));
    }

    @Test
    void findsAnInputThatWasProcessedTwice() {
        int index = indexOf(ClusterEvent.TaskCompleted.class, "t4");
        Fact fact = factAt(index);
        Cause earlier = factAt(indexOf(ClusterEvent.TaskCompleted.class, "t1")).cause();
        replace(index, new Fact(fact.pool(), fact.sequence(), fact.atMs(), earlier, fact.event()));

        assertFound("cause", place(FACTS, index));
    }

    @Test
    void findsANodeThatWasNeverTold() {
        int index = indexOf(ClusterEvent.TaskPlaced.class, "t2");
        cluster.placements.remove(1);
        renumber(cluster.placements, Topics.PLACEMENTS.name());

        assertFound("node-command", place(FACTS, index));
        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void findsANodeThatWasToldTwice() {
        cluster.placements.add(2, cluster.placements.get(1));
        renumber(cluster.placements, Topics.PLACEMENTS.name());

        assertFound("node-command", place(Topics.PLACEMENTS.name(), 2));
        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void findsANodeThatWasToldSomethingElse() {
        NodeCommand.StartAttempt start = (NodeCommand.StartAttempt) value(cluster.placements.get(1));
        Place place = place(Topics.PLACEMENTS.name(), 1);
        cluster.placements.set(
                1,
                Entry.of(
                        place,
                        new NodeCommand.StartAttempt(
                                start.pool(), start.attempt(), start.allocation(), start.work(), 77, start.atMs())));

        assertFound("node-command", place);
        assertThat(violations.count()).isEqualTo(2);
    }

    @Test
    void saysNothingOfWhatIsNotKeptAnyMore() {
        cluster.placements.subList(0, 2).clear();
        cluster.commands.subList(0, 2).clear();
        cluster.reports.subList(0, 3).clear();

        assertThat(check()).isEmpty();
    }

    @Test
    void findsAnAttemptThatWasStartedTwice() {
        cluster.unheard(new TaskReport.Started(source("b"), attempt("t5", 1), 1));

        assertFound("attempt-once", place(Topics.TASK_REPORTS.name(), cluster.reports.size() - 1));
    }

    @Test
    void findsAnAttemptThatWasCompletedTwice() {
        cluster.unheard(new TaskReport.Completed(source("a"), attempt("t2", 2), 1));

        assertFound("attempt-once", place(Topics.TASK_REPORTS.name(), cluster.reports.size() - 1));
    }

    @Test
    void findsAttemptsThatRanAtOnce() {
        RecordedCluster overlapping = new RecordedCluster("fifo");
        overlapping.register("a", 1);
        overlapping.submit(task("t1", 1));
        overlapping.start("t1", 1, "a");
        overlapping.stop("t1", 1, "a"); // Not requested, so the task is retried.
        overlapping.start("t1", 2, "a");
        Place place = overlapping.reports.get(1).place();
        overlapping.reports.set(1, Entry.of(place, new TaskReport.Progressed(source("a"), attempt("t1", 1), 1, 1_100)));

        new PartitionCheck(overlapping.logs(), null, null, counts, violations).run();

        assertThat(violations.kept()).singleElement().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo("attempt-once");
            assertThat(violation.place()).isEqualTo(place(Topics.TASK_REPORTS.name(), 2));
        });
    }

    @Test
    void findsAnEndThatNoNodeReported() {
        int index = indexOf(ClusterEvent.TaskCompleted.class, "t1");
        Fact fact = factAt(index);
        replace(index, new Fact(fact.pool(), fact.sequence(), fact.atMs(), Cause.TIMER, fact.event()));

        assertFound("report", place(FACTS, index));
    }

    @Test
    void findsAReportOfAnEndThatWasLost() {
        cluster.unheard(new TaskReport.Completed(source("a"), attempt("t5", 1), 1));

        assertFound("report", place(Topics.TASK_REPORTS.name(), cluster.reports.size() - 1));
    }

    @Test
    void aReportThatWasRefusedIsNotLost() {
        cluster.unheard(new TaskReport.Completed(source("a"), attempt("t5", 1), 1));
        Place place = place(Topics.TASK_REPORTS.name(), cluster.reports.size() - 1);

        new PartitionCheck(cluster.logs(), Set.of(place), cluster.state, cluster.storedViews(), counts, violations)
                .run();

        assertThat(violations.kept()).isEmpty();
    }

    @Test
    void findsAForgedEnd() {
        giveTokens();
        int end = indexOf(ClusterEvent.TaskCompleted.class, "t1");
        int report = (int) factAt(end).cause().offset();
        var completed = (TaskReport.Completed) value(cluster.reports.get(report));
        cluster.reports.set(
                report,
                Entry.of(
                        place(Topics.TASK_REPORTS.name(), report),
                        new TaskReport.Completed(source("a"), completed.attempt(), completed.atMs())));

        assertFound("token", place(FACTS, end));
    }

    @Test
    void findsNothingWhereAllReportsHaveTheirTokens() {
        giveTokens();

        assertThat(check()).isEmpty();
        assertThat(counts.reportsNotCompared()).isZero();
    }

    @Test
    void countsWhatCannotBeCompared() {
        giveTokens();
        cluster.placements.clear();
        cluster.placements.add(Entry.of(
                place(Topics.PLACEMENTS.name(), 1_000),
                new NodeCommand.StopAttempt(POOL, new NodeId("z"), 1, attempt("later", 1), Long.MAX_VALUE)));

        check();

        assertThat(counts.reportsNotCompared()).isPositive();
        assertThat(violations.kept()).noneMatch(violation -> violation.rule().equals("token"));
    }

    /** Adds tokens to all commands, and to all reports. */
    private void giveTokens() {
        cluster.placements.replaceAll(entry -> Entry.of(entry.place(), withToken(value(entry))));
        cluster.reports.replaceAll(entry -> {
            TaskReport report = value(entry);
            var source = new TaskReport.Source(
                    POOL,
                    report.source().nodeId(),
                    report.source().incarnation(),
                    token(report.attempt(), report.source().nodeId()));
            return Entry.of(entry.place(), RecordedCluster.from(source, report));
        });
    }

    private static NodeCommand withToken(NodeCommand command) {
        return command.withToken(token(command.attempt(), command.nodeId()));
    }

    private static String token(AttemptId attempt, NodeId nodeId) {
        return Integer.toHexString(Objects.hash(attempt, nodeId));
    }

    @Test
    void findsATaskThatEndsTwice() {
        int index = indexOf(ClusterEvent.TaskStarted.class, "t5");
        replace(index, new ClusterEvent.TaskCompleted(new TaskId("t1"), 1, 0));

        assertFound("end-once", place(FACTS, index));
    }

    @Test
    void findsAStoredStateThatDiffers() {
        Place place = place(CHANGELOG, 7_777);
        cluster.state.put(
                POOL + "/finished/t1",
                new Stored(place, RecordedCluster.json(new FinishedTask(new TaskId("t1"), TaskState.FAILED, 3, 0))));

        assertFound("stored-state", place);
        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void findsAPartOfTheStoredStateThatIsMissing() {
        cluster.state.remove(POOL + "/task/t7");

        assertFound("stored-state", place(CHANGELOG, -1));
    }

    @Test
    void findsAStoredStateThatIsAheadOfTheLog() {
        Place header = new TreeMap<>(cluster.state).get(POOL + "/pool").place();
        cluster.facts.removeLast();

        assertFound("stored-state", header);
    }

    @Test
    void findsViewsThatDiffer() {
        StoredViews views = cluster.storedViews();
        Stored t1 = views.tasks().get("t1");
        views.tasks()
                .put(
                        "t1",
                        RecordedCluster.view(
                                "tasks-by-id", 99, cluster.views.tasks().get(new TaskId("t2"))));

        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();

        assertThat(t1).isNotNull();
        assertThat(violations.kept()).anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo("stored-views");
            assertThat(violation.place())
                    .isEqualTo(place(RecordedCluster.VIEWS_CHANGELOG.formatted("tasks-by-id"), 99));
        });
    }

    @Test
    void takesAPoolsViewThatAnOlderProgramHasStored() {
        StoredViews views = cluster.storedViews();
        PoolView older = cluster.views.pools().get(POOL).withGpuMilliAway(null);
        views.pools().put(POOL.value(), RecordedCluster.view("pools", 98, older));

        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();

        assertThat(violations.kept()).isEmpty();
    }

    @Test
    void takesTasksThatAnOlderProgramHasStored() {
        StoredViews views = cluster.storedViews();
        Collection<TaskView> requeued = cluster.views.tasks().values().stream()
                .filter(task -> task.requeues() > 0)
                .toList();
        requeued.forEach(task -> views.tasks()
                .put(task.task().taskId().value(), RecordedCluster.view("tasks-by-id", 98, task.asStoredBefore(task))));

        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();

        assertThat(requeued).anyMatch(task -> task.heldMs() != null && task.heldMs() > 0);
        assertThat(violations.kept()).isEmpty();
    }

    /** The older program counted no driver errors; a newer one counted only those of its own time. */
    @Test
    void takesNodesThatAnOlderProgramHasStored() {
        var counts = new TreeMap<Integer, SortedMap<Integer, Long>>(Map.of(0, new TreeMap<>(Map.of(13, 1L))));

        assertThat(violationsWithNode(null)).isEmpty();
        assertThat(violationsWithNode(new XidCounts(counts, true))).isEmpty();
        assertThat(violationsWithNode(new XidCounts(counts, false))).hasSize(1);
    }

    private List<Violation> violationsWithNode(@Nullable XidCounts stored) {
        StoredViews views = cluster.storedViews();
        NodeRecord node = cluster.views.nodes().firstEntry().getValue();
        views.nodes()
                .put(
                        node.inventory().nodeId().value(),
                        RecordedCluster.view("nodes-by-id", 98, withXids(node, stored)));
        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();
        return violations.kept();
    }

    private static NodeRecord withXids(NodeRecord node, @Nullable XidCounts xids) {
        return new NodeRecord(
                node.inventory(),
                node.incarnation(),
                node.state(),
                node.sequence(),
                node.registeredAtMs(),
                node.stateSinceMs(),
                node.condition(),
                node.lastFault(),
                node.upkeep(),
                node.outage(),
                xids);
    }

    @Test
    void findsAUserWhoDiffersOrHasNoTasks() {
        StoredViews views = cluster.storedViews();
        String known = views.users().firstKey();
        views.users().put(known, RecordedCluster.view("users", 98, new UserView(POOL, "x", 1, 1, Map.of(), 1)));
        String unknown = new UserCursor(POOL, "nobody").key();
        views.users().put(unknown, RecordedCluster.view("users", 99, new UserView(POOL, "nobody", 1, 1, Map.of(), 1)));

        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();

        assertThat(violations.kept())
                .extracting(Violation::place)
                .containsExactlyInAnyOrder(
                        place(RecordedCluster.VIEWS_CHANGELOG.formatted("users"), 98),
                        place(RecordedCluster.VIEWS_CHANGELOG.formatted("users"), 99));
    }

    @Test
    void findsEnergyThatNoNodeHasReported() {
        int index = indexOf(ClusterEvent.TaskCompleted.class, null);
        ClusterEvent.TaskCompleted completed =
                (ClusterEvent.TaskCompleted) factAt(index).event();
        replace(index, new ClusterEvent.TaskCompleted(completed.taskId(), completed.attempt(), 5));

        assertFound("report", place(FACTS, index));
    }

    @Test
    void findsAnIndexThatDiffers() {
        StoredViews views = cluster.storedViews();
        String key = views.index().firstKey();
        views.index().remove(key);

        new PartitionCheck(cluster.logs(), cluster.state, views, counts, violations).run();

        assertThat(violations.kept())
                .singleElement()
                .satisfies(violation -> assertThat(violation.text()).contains(key));
    }

    @Test
    void countsWhatCannotBeReadAndGoesOn() {
        cluster.reports.add(Entry.unreadable(place(Topics.TASK_REPORTS.name(), cluster.reports.size()), "no JSON"));

        assertThat(check()).isEmpty();
        assertThat(counts.topics().get(Topics.TASK_REPORTS.name()))
                .isEqualTo(new Counts.Topic(cluster.reports.size(), 1));
    }

    @Test
    void goesOnAfterManyIllegalFacts() {
        int index = indexOf(ClusterEvent.TaskPlaced.class, "t1");
        cluster.facts.subList(1, index).clear();

        assertThat(check()).isNotEmpty();
    }
}
