package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.simulator.cluster.ClusterFileException;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.FaultLaws;
import io.gpuctl.simulator.runtime.FaultSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The random faults of simulated nodes: a mixin. */
final class FaultsOption {

    @Option(
            names = "--faults",
            paramLabel = "off|realistic|shared-cluster|FILE",
            defaultValue = FaultsFile.OFF,
            description = "Random faults of the nodes: none, the rates published for large clusters, the same with"
                    + " many users' programs, or the faults of a YAML file (default: ${DEFAULT-VALUE}).")
    private String faults = FaultsFile.OFF;

    @Option(
            names = "--fault-seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the faults: with the same seed, the same nodes fail at the same times after the"
                    + " start (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Returns the settings; throws if the file is invalid. */
    FaultSettings settings() {
        return new FaultSettings(laws(), seed);
    }

    private FaultLaws laws() {
        return switch (faults) {
            case FaultsFile.OFF -> FaultLaws.OFF;
            case FaultsFile.REALISTIC -> FaultsFile.realistic();
            case FaultsFile.SHARED_CLUSTER -> FaultsFile.sharedCluster();
            case String file -> {
                try {
                    yield FaultsFile.read(Path.of(file));
                } catch (ClusterFileException e) {
                    throw new CommandFailedException(String.valueOf(e.getMessage()), e);
                }
            }
        };
    }
}
