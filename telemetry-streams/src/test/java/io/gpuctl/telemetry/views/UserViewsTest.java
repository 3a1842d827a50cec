package io.gpuctl.telemetry.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.EventJson;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The energy of attempts by task, user and pool. */
class UserViewsTest {
    private static final NodeId NODE = new NodeId("n1");

    private final InMemoryViewStore store = new InMemoryViewStore();
    private final PoolViewsFold fold = new PoolViewsFold(store);
    private final FactLog log = new FactLog(PoolId.DEFAULT).configured(10).registered("n1", 7);

    @Test
    void addsUpTheAttemptsOfATaskAndTheTasksOfAUser() {
        submitted("t1", "ada");
        log.placed("t1", 1, "n1", 7, 0)
                .started("t1", 1)
                .add(new ClusterEvent.TaskRequeued(new TaskId("t1"), 1, EndReason.TASK_FAILED, "", 0, 0, 30))
                .placed("t1", 2, "n1", 7, 0)
                .started("t1", 2)
                .add(new ClusterEvent.TaskCompleted(new TaskId("t1"), 2, 40));
        submitted("t2", "ada");
        log.placed("t2", 1, "n1", 7, 0)
                .add(new ClusterEvent.CancelRequested(new TaskId("t2")))
                .add(new ClusterEvent.TaskCancelled(new TaskId("t2"), 5));
        submitted("t3", "bob");
        log.add(new ClusterEvent.TaskCancelled(new TaskId("t3"), 0));
        submitted("t4", "eve");
        fold();

        assertThat(store.task(new TaskId("t1")).energyMj()).isEqualTo(70);
        assertThat(store.pool(PoolId.DEFAULT).energyMj()).isEqualTo(75);
        assertThat(store.users().values())
                .containsExactly(
                        new UserView(
                                PoolId.DEFAULT,
                                "ada",
                                75,
                                3,
                                Map.of(TaskState.COMPLETED, 1L, TaskState.CANCELLED, 1L),
                                13),
                        new UserView(PoolId.DEFAULT, "bob", 0, 0, Map.of(TaskState.CANCELLED, 1L), 15));
    }

    @Test
    void forgetsUsersWhoAreLongestUnheardOf() {
        for (int i = 0; i < PoolViewsFold.USERS_KEPT; i++) {
            over("t" + i, "user-" + i);
        }
        over("again", "user-0");
        fold();
        assertThat(store.users()).hasSize(PoolViewsFold.USERS_KEPT);

        over("new", "new");
        fold();

        assertThat(store.users()).hasSize(PoolViewsFold.USERS_KEPT * 9 / 10 + 1);
        assertThat(user("user-0").tasks(TaskState.CANCELLED)).isEqualTo(2);
        assertThat(user("user-1")).isNull();
        assertThat(user("user-" + PoolViewsFold.USERS_KEPT / 10)).isNull();
        assertThat(user("user-" + (PoolViewsFold.USERS_KEPT / 10 + 1))).isNotNull();
        assertThat(user("new").tasks(TaskState.CANCELLED)).isEqualTo(1);
    }

    private void over(String task, String user) {
        submitted(task, user);
        log.add(new ClusterEvent.TaskCancelled(new TaskId(task), 0));
    }

    @Test
    void countsWhatEachNodeOfAGangHasDrawn() {
        log.registered("n2", 7);
        submitted("g", "ada");
        log.add(new ClusterEvent.TaskPlaced(
                        new TaskId("g"),
                        1,
                        List.of(FactLog.allocation("n1", 7, 0), FactLog.allocation("n2", 7, 0)),
                        Collections.emptySortedMap()))
                .started("g", 1)
                .add(new ClusterEvent.MemberEnded(new TaskId("g"), 1, NODE, true, 5, 30))
                .add(new ClusterEvent.MemberEnded(new TaskId("g"), 1, new NodeId("n2"), true, 5, 40))
                .completed("g", 1);
        fold();

        assertThat(store.task(new TaskId("g")).energyMj()).isEqualTo(70);
        assertThat(user("ada").energyMj()).isEqualTo(70);
        assertThat(user("ada").attempts()).isEqualTo(1);
        assertThat(store.pool(PoolId.DEFAULT).energyMj()).isEqualTo(70);
    }

    /** A lost node returns and reports the energy of its attempt when the task is already queued again. */
    @Test
    void countsWhatANodeTellsLate() {
        submitted("t1", "ada");
        log.placed("t1", 1, "n1", 7, 0)
                .started("t1", 1)
                .add(new ClusterEvent.NodeLost(NODE))
                .requeued("t1", 1, EndReason.NODE_LOST)
                .add(new ClusterEvent.NodeRecovered(NODE))
                .add(new ClusterEvent.AllocationReleased(NODE, FactLog.attempt("t1", 1), 30));
        fold();

        assertThat(store.task(new TaskId("t1")).energyMj()).isEqualTo(30);
        assertThat(store.task(new TaskId("t1")).state()).isEqualTo(TaskState.QUEUED);
        assertThat(user("ada").energyMj()).isEqualTo(30);
        assertThat(user("ada").attempts()).isEqualTo(1);
    }

    @Test
    void whatIsToldOfAForgottenTaskIsThePoolsAlone() {
        log.configured(0);
        submitted("t1", "ada");
        log.placed("t1", 1, "n1", 7, 0)
                .add(new ClusterEvent.NodeLost(NODE))
                .add(new ClusterEvent.TaskFailed(new TaskId("t1"), 1, EndReason.NODE_LOST, "", 0, 0))
                .add(new ClusterEvent.NodeRecovered(NODE))
                .add(new ClusterEvent.AllocationReleased(NODE, FactLog.attempt("t1", 1), 30));
        fold();

        assertThat(store.task(new TaskId("t1"))).isNull();
        assertThat(user("ada").energyMj()).isZero();
        assertThat(user("ada").tasks(TaskState.FAILED)).isEqualTo(1);
        assertThat(store.pool(PoolId.DEFAULT).energyMj()).isEqualTo(30);
    }

    /** Placed at 5 s and started at 6 s, on two GPUs of n1 and one of n2. */
    @Test
    void whatRunsIsEstimatedFromItsGpusPower() {
        log.registered("n2", 7);
        submitted("g", "ada");
        log.add(new ClusterEvent.TaskPlaced(
                new TaskId("g"),
                1,
                List.of(FactLog.allocation("n1", 7, 0, 2), FactLog.allocation("n2", 7, 1)),
                Collections.emptySortedMap()));
        Map<NodeId, NodePower> power = Map.of(
                NODE,
                new NodePower(NODE, List.of(300.0, 50.0, 400.0)),
                new NodeId("n2"),
                new NodePower(new NodeId("n2"), List.of(60.0, 200.0)));
        fold();
        assertThat(gang().runningJoulesEstimate(power::get, 9_000)).isZero();

        log.started("g", 1);
        fold();
        assertThat(gang().runningJoulesEstimate(power::get, 9_000)).isEqualTo(3 * 900.0);
        assertThat(gang().runningJoulesEstimate(_ -> null, 9_000)).isZero();
        assertThat(gang().energyMj()).isZero();

        // From now on, the energy of this member is known.
        log.add(new ClusterEvent.MemberEnded(new TaskId("g"), 1, NODE, true, 5, 30));
        fold();
        assertThat(gang().runningJoulesEstimate(power::get, 9_000)).isEqualTo(3 * 200.0);

        log.add(new ClusterEvent.MemberEnded(new TaskId("g"), 1, new NodeId("n2"), true, 5, 40))
                .completed("g", 1);
        fold();
        assertThat(gang().runningJoulesEstimate(power::get, 9_000)).isZero();
        assertThat(gang().energyMj()).isEqualTo(70);
    }

    @Test
    void aPartOfAGpuDrawsThatPartOfItsPower() {
        NodePower node = new NodePower(NODE, List.of(100.0, 300.0));

        assertThat(node.watts(new Allocation(NODE, 7, List.of(1), 250, 1_024, 0, 0)))
                .isEqualTo(75);
        // There is no measurement of a GPU with this index.
        assertThat(node.watts(FactLog.allocation("n1", 7, 0, 5))).isEqualTo(100);
    }

    private TaskView gang() {
        return store.task(new TaskId("g"));
    }

    @Test
    void viewsThatWereStoredBeforeAreRead() throws JsonProcessingException {
        submitted("t1", "ada");
        fold();
        ObjectNode task = EventJson.mapper().valueToTree(store.task(new TaskId("t1")));
        ObjectNode pool = EventJson.mapper().valueToTree(store.pool(PoolId.DEFAULT));

        assertThat(task.has("energy_mj")).isFalse();
        assertThat(pool.has("energy_mj")).isFalse();
        assertThat(EventJson.mapper().treeToValue(task, TaskView.class)).isEqualTo(store.task(new TaskId("t1")));
        assertThat(EventJson.mapper().treeToValue(pool, PoolView.class)).isEqualTo(store.pool(PoolId.DEFAULT));
    }

    @Test
    void aKeyTellsPoolAndUserWhateverTheUserIsCalled() {
        UserCursor cursor = new UserCursor(new PoolId("a-b"), "x|y ~ \u00fc");

        assertThat(UserCursor.parse(cursor.key())).isEqualTo(cursor);
    }

    private void submitted(String taskId, String user) {
        TaskSpec spec = FactLog.spec(taskId, PoolId.DEFAULT);
        log.add(new ClusterEvent.TaskSubmitted(new TaskSpec(
                spec.taskId(),
                spec.pool(),
                user,
                spec.priority(),
                spec.gpus(),
                0,
                0,
                spec.gpuModels(),
                spec.maxAttempts(),
                spec.work())));
    }

    private UserView user(String name) {
        return store.user(new UserCursor(PoolId.DEFAULT, name));
    }

    private void fold() {
        log.facts().forEach(fold::apply);
    }
}
