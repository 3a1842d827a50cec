package io.gpuctl.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.PoolView;
import io.gpuctl.telemetry.views.PoolViewsFold;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An experiment and the views of a live cluster compute the same repairs and energy from the same facts. */
class ServiceFoldTest {
    private static final double MS_PER_HOUR = 3_600_000;

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "intelligent", "srtf+fgd"})
    void agreesWithTheViews(String policy) {
        List<Fact> facts = facts(policy);
        var service = new ServiceFold();
        facts.forEach(service::accept);
        long endMs = facts.getLast().atMs() + 1_000;

        PoolView pool = views(facts).pool(PoolId.DEFAULT);

        assertThat(service.mttrSeconds()).isNotNull().isEqualTo(pool.service().mttrSeconds());
        assertThat(service.outGpuHours(endMs))
                .isPositive()
                .isEqualTo(pool.service().outGpuMs(endMs) / MS_PER_HOUR);
        assertThat(service.requeues()).isEqualTo(pool.requeuesByReason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "srtf+fgd"})
    void theEnergyOfTasksAndUsersIsThatOfTheFacts(String policy) {
        List<Fact> facts = facts(policy);
        long energyMj =
                facts.stream().mapToLong(fact -> fact.event().energyMj()).sum();

        InMemoryViewStore views = views(facts);

        assertThat(energyMj).isPositive();
        assertThat(views.pool(PoolId.DEFAULT).energyMj()).isEqualTo(energyMj);
        assertThat(views.tasks().values().stream()
                        .mapToLong(task -> task.energyMj())
                        .sum())
                .isEqualTo(energyMj);
        assertThat(views.users().values().stream()
                        .mapToLong(user -> user.energyMj())
                        .sum())
                .isEqualTo(energyMj);
    }

    private static List<Fact> facts(String policy) {
        Experiment experiment = Experiments.drawn(Experiment.Kind.TRACE, List.of(policy), 1, 150)
                .withFaults(FaultsFile.realistic().scaled(5_000));
        Plan plan = Plan.of(experiment);
        List<Fact> facts = new ArrayList<>();
        plan.run(plan.runs().getFirst(), facts::add);
        return facts;
    }

    private static InMemoryViewStore views(List<Fact> facts) {
        var store = new InMemoryViewStore();
        var fold = new PoolViewsFold(store);
        facts.forEach(fold::apply);
        return store;
    }
}
