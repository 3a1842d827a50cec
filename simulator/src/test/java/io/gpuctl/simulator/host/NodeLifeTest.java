package io.gpuctl.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeEvent.Registered;
import io.gpuctl.events.NodeEvent.ShutDown;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskReport.Checkpointed;
import io.gpuctl.events.TaskReport.Completed;
import io.gpuctl.events.TaskReport.Faulted;
import io.gpuctl.events.TaskReport.Started;
import io.gpuctl.events.TaskReport.Stopped;
import io.gpuctl.events.Work;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.EnergyMeter;
import io.gpuctl.simulator.model.GpuPhysics;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.Site;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLifeTest {
    private static final long HOUR_MS = 3_600_000;
    /** A GPU that has fallen off the bus returns when its node restarts. */
    private static final int FALLEN_OFF_THE_BUS = 79;

    private final Site site = new Site();
    private final List<Long> wentDownAtMs = new ArrayList<>();
    private final NodeLife node = life("node-1");
    private final Repairs repairs = new Repairs(node);

    private NodeLife life(String id) {
        var inventory = new NodeInventory(
                new NodeId(id), PoolId.DEFAULT, "A100-SXM4-80GB", 8, 81_920, 128_000, 1_048_576, 60, 400, 25, 85);
        return new NodeLife(inventory, 0, site, new NodeLife.Machine() {
            @Override
            public NodeModel boot(long incarnation, long nowMs) {
                return new NodeModel(inventory, incarnation, GpuPhysics.typical(inventory), nowMs, EnergyMeter.NONE);
            }

            @Override
            public void goesDown(NodeModel model, long nowMs) {
                wentDownAtMs.add(nowMs);
            }

            @Override
            public NodeInventory describe(NodeModel model) {
                return inventory;
            }
        });
    }

    private static AttemptId attempt(String task) {
        return new AttemptId(new TaskId(task), 1);
    }

    private static NodeCommand start(NodeLife on, String task, int gpu, Work work) {
        NodeId id = on.inventory().nodeId();
        var allocation = new Allocation(id, on.incarnation(), List.of(gpu), 1_000, 40_960, 1_000, 1_024);
        return new NodeCommand.StartAttempt(PoolId.DEFAULT, attempt(task), allocation, work, 0, 0);
    }

    private static NodeCommand stop(NodeLife on, String task) {
        return new NodeCommand.StopAttempt(PoolId.DEFAULT, on.inventory().nodeId(), on.incarnation(), attempt(task), 0);
    }

    private static Work lasting(long durationMs) {
        return new Work(durationMs, 1, 0);
    }

    private Fault fault(FaultKind kind, long repairMs) {
        int xid = kind == FaultKind.XID ? FALLEN_OFF_THE_BUS : 0;
        return new Fault(0, node.inventory().nodeId(), kind, xid, 0, repairMs, 1);
    }

    private static List<Class<?>> kinds(List<?> said) {
        return said.stream().<Class<?>>map(Object::getClass).toList();
    }

    @Test
    void registersAtItsStartAndReportsWhatItRuns() {
        Said registered = node.start(1, 0);
        Said started = node.obey(start(node, "a", 0, lasting(1_000)), 10);
        Said ended = node.advance(1_010);

        assertThat(registered.events()).containsExactly(new Registered(node.inventory(), 1, false, 0));
        assertThat(kinds(started.reports())).containsExactly(Started.class);
        assertThat(kinds(ended.reports())).containsExactly(Completed.class);
    }

    @Test
    void doesNothingWhileItIsDown() {
        Said said = node.obey(start(node, "a", 0, lasting(1_000)), 0)
                .then(node.advance(5))
                .then(node.strike(fault(FaultKind.XID, 100), 5))
                .then(node.register(5))
                .then(node.reconnect())
                .then(node.shutDown(5));

        assertThat(said).isEqualTo(Said.NOTHING);
    }

    @Test
    void refusesAnIncarnationThatDoesNotRise() {
        node.start(3, 0);

        assertThatThrownBy(() -> node.start(3, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Node node-1 cannot start as incarnation 3: its last one was 3");
        assertThat(node.model()).isNotNull();
    }

    @Test
    void ignoresCommandsForAStartThatIsOver() {
        node.start(1, 0);
        NodeCommand old = start(node, "old", 0, lasting(1_000));
        node.start(2, 100);

        assertThat(node.obey(old, 200).reports()).isEmpty();
        assertThat(node.model().running()).isEmpty();
    }

    @Test
    void ignoresARepeatedCommandForAnAttemptThatHasEnded() {
        node.start(1, 0);
        NodeCommand start = start(node, "a", 0, lasting(1_000));
        node.obey(start, 0);
        node.advance(1_000);

        assertThat(node.obey(start, 1_500).reports()).isEmpty();
        assertThat(node.model().running()).isEmpty();
    }

    @Test
    void aCrashForgetsWhatRanAndIsToldAtTheNextStart() {
        node.start(1, 0);
        node.obey(start(node, "a", 0, lasting(HOUR_MS)), 0);

        Said crashed = node.strike(fault(FaultKind.NODE_CRASH, 500), 1_000);
        Said registered = node.start(2, 1_500);
        Said after = node.advance(2 * HOUR_MS);

        assertThat(crashed).isEqualTo(Said.NOTHING);
        assertThat(wentDownAtMs).containsExactly(1_000L);
        assertThat(registered.events()).containsExactly(new Registered(node.inventory(), 2, true, 1_500));
        assertThat(after).isEqualTo(new Said(List.of(), List.of()));
        assertThat(node.start(3, 2 * HOUR_MS).events())
                .containsExactly(new Registered(node.inventory(), 3, false, 2 * HOUR_MS));
    }

    @Test
    void aCrashForgetsTheMailOfACutOff() {
        node.start(1, 0);
        NodeCommand missed = start(node, "missed", 1, lasting(1_000));
        node.obey(start(node, "a", 0, lasting(1_000)), 0);
        node.cutOff();
        node.obey(missed, 500);
        node.advance(1_000);

        node.crash(1_000);
        node.start(2, 2_000);

        assertThat(node.mail()).isEqualTo(new Mail(List.of(), List.of(), List.of()));
        assertThat(node.isCutOff()).isFalse();
        assertThat(node.obeyMissed(2_000).reports()).isEmpty();
    }

    @Test
    void keepsTheOrderOverACutOff() {
        node.start(1, 0);
        node.obey(start(node, "a", 0, lasting(1_000)), 0);
        node.obey(start(node, "b", 1, lasting(2_000)), 0);
        node.obey(start(node, "c", 2, lasting(HOUR_MS)), 0);
        node.cutOff();

        assertThat(node.advance(1_000)).isEqualTo(Said.NOTHING);
        assertThat(node.obey(start(node, "d", 0, lasting(1_000)), 1_500)).isEqualTo(Said.NOTHING);
        assertThat(node.obey(stop(node, "c"), 1_600)).isEqualTo(Said.NOTHING);
        assertThat(node.advance(2_000)).isEqualTo(Said.NOTHING);
        assertThat(node.strike(fault(FaultKind.STRAGGLER, HOUR_MS), 2_000)).isEqualTo(Said.NOTHING);

        Said unsaid = node.reconnect();
        Said obeyed = node.obeyMissed(3_000);

        assertThat(unsaid.reports().stream().map(NodeLifeTest::named)).containsExactly("a Completed", "b Completed");
        assertThat(obeyed.reports().stream().map(NodeLifeTest::named)).containsExactly("d Started", "c Stopped");
        assertThat(node.mail()).isEqualTo(new Mail(List.of(), List.of(), List.of()));
    }

    private static String named(TaskReport report) {
        return report.attempt().taskId() + " " + report.getClass().getSimpleName();
    }

    @Test
    void saysThatAGpuIsBrokenBeforeItSaysThatItIsFree() {
        node.start(1, 0);
        node.obey(start(node, "a", 0, lasting(HOUR_MS)), 0);
        node.cutOff();
        node.strike(fault(FaultKind.XID, 60_000), 1_000);

        Said unsaid = node.reconnect();

        assertThat(kinds(unsaid.events())).containsExactly(NodeEvent.Faulted.class);
        assertThat(kinds(unsaid.reports())).containsExactly(Faulted.class);
    }

    @Test
    void keepsOnlyTheNewestOfTheReportsThatRecur() {
        node.start(1, 0);
        node.obey(start(node, "a", 0, new Work(HOUR_MS, 1, 0, LoadProfile.STEADY, 60_000, 0)), 0);
        node.cutOff();

        for (long nowMs = 60_000; nowMs <= 600_000; nowMs += 60_000) {
            node.advance(nowMs);
        }

        assertThat(node.reconnect().reports())
                .singleElement()
                .isInstanceOfSatisfying(
                        Checkpointed.class,
                        saved -> assertThat(saved.progressMs()).isEqualTo(600_000));
    }

    @Test
    void shutsDownWithItsLastReportsBeforeItsFarewell() {
        node.start(1, 0);
        node.obey(start(node, "a", 0, lasting(1_000)), 0);
        node.cutOff();
        node.advance(1_000);
        node.obey(stop(node, "b"), 1_500);

        Said last = node.shutDown(2_000);

        assertThat(kinds(last.reports())).containsExactly(Completed.class, Stopped.class);
        assertThat(last.farewell())
                .isEqualTo(new ShutDown(PoolId.DEFAULT, node.inventory().nodeId(), 1, 2_000));
        assertThat(node.model()).isNull();
        assertThat(node.start(2, 3_000).events()).containsExactly(new Registered(node.inventory(), 2, false, 3_000));
    }

    @Test
    void refusesToPassWhatIsDueEarlierOnItsSite() {
        NodeLife neighbour = life("node-2");
        node.start(1, 0);
        neighbour.start(1, 0);
        neighbour.obey(start(neighbour, "a", 0, lasting(1_000)), 0);

        assertThatThrownBy(() -> node.advance(1_001))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Node node-1 cannot advance to 1001 ms: an event at its site is due at 1000 ms");
        assertThatThrownBy(() -> node.crash(1_001)).isInstanceOf(IllegalStateException.class);
        assertThat(node.model()).isNotNull();

        neighbour.advance(1_000);
        assertThat(node.advance(1_001).reports()).isEmpty();
    }

    @Test
    void aCrashedNodeRestartsOnceItIsRepaired() {
        node.start(1, 0);
        Fault crash = fault(FaultKind.NODE_CRASH, 500);
        node.strike(crash, 1_000);

        assertThat(repairs.after(crash, 1_000))
                .isEqualTo(new Repairs.Plan(Repairs.Kind.RESTART, 1_500, node.outage()))
                .matches(repairs::isValid);
        assertThat(repairs.outageEndsMs()).isEqualTo(1_500);
    }

    @Test
    void aPlanIsVoidOnceTheNodeIsBack() {
        node.start(1, 0);
        Fault crash = fault(FaultKind.NODE_CRASH, 500);
        node.strike(crash, 1_000);
        Repairs.Plan plan = repairs.after(crash, 1_000);
        node.start(2, 1_200);

        assertThat(repairs.isValid(plan)).isFalse();
        assertThat(repairs.outageEndsMs()).isEqualTo(NodeModel.NEVER);
    }

    @Test
    void aRestartThatComesDueDuringACutOffFollowsTheReconnect() {
        node.start(1, 0);
        node.strike(fault(FaultKind.XID, 60_000), 1_000);
        Repairs.Plan restart = repairs.restart();
        Fault partition = fault(FaultKind.PARTITION, 100_000);
        node.strike(partition, 2_000);
        Repairs.Plan reconnect = repairs.after(partition, 2_000);

        assertThat(restart).isEqualTo(new Repairs.Plan(Repairs.Kind.RESTART, 61_000, 1));
        assertThat(repairs.isValid(restart))
                .as("the restart during the cut-off")
                .isFalse();
        assertThat(repairs.restart()).isNull();
        assertThat(reconnect)
                .isEqualTo(new Repairs.Plan(Repairs.Kind.RECONNECT, 102_000, 2))
                .matches(repairs::isValid);

        node.advance(61_000);
        node.reconnect();
        node.obeyMissed(102_000);

        assertThat(repairs.restart())
                .isEqualTo(new Repairs.Plan(Repairs.Kind.RESTART, 61_000, 3))
                .matches(repairs::isValid);
        assertThat(repairs.restart()).as("planned once").isNull();
    }

    @Test
    void resumesWithTheMailOfItsCutOff() {
        node.start(1, 0);
        node.obey(start(node, "a", 0, lasting(1_000)), 0);
        node.cutOff();
        node.obey(stop(node, "b"), 500);
        node.advance(1_000);
        var suspended = node.model().suspend(1_000);
        var resumed = life("node-1");

        resumed.resume(
                NodeModel.resume(
                        node.inventory(),
                        suspended,
                        GpuPhysics.typical(node.inventory()),
                        50_000,
                        EnergyMeter.NONE,
                        NodeModel.Habits.QUIET),
                node.isCutOff(),
                node.mail(),
                50_000);

        assertThat(resumed.incarnation()).isEqualTo(1);
        assertThat(kinds(resumed.reconnect().reports())).containsExactly(Completed.class);
        assertThat(kinds(resumed.obeyMissed(50_000).reports())).containsExactly(Stopped.class);
    }
}
