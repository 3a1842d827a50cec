package io.gpuctl.cli.chaos.scenario;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The list of all scenarios. */
public final class Scenarios {
    private static final List<Scenario> ALL = Stream.of(
                    ProcessScenarios.ALL,
                    UpgradeScenarios.ALL,
                    ClientScenarios.ALL,
                    HttpScenarios.ALL,
                    RecordScenarios.ALL,
                    NodeScenarios.ALL,
                    DiskScenarios.ALL,
                    FuzzScenarios.ALL,
                    UpScenarios.ALL,
                    VolumeScenarios.ALL)
            .flatMap(List::stream)
            .toList();

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    public static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }

    /** Returns the scenarios that can run one after the other on a cluster with this number of brokers. */
    public static List<Scenario> forSoak(int brokers) {
        return ALL.stream()
                .filter(scenario -> switch (scenario.use()) {
                    case ANYWHERE, UNDISTURBED -> true;
                    case THREE_BROKERS -> brokers > 1;
                    case ALONE, ALONE_FORGED, UPGRADE, UP -> false;
                })
                .toList();
    }
}
