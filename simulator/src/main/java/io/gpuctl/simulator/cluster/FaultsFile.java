package io.gpuctl.simulator.cluster;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.input.TextFile;
import io.gpuctl.simulator.faults.FaultFields;
import io.gpuctl.simulator.faults.FaultLaw;
import io.gpuctl.simulator.faults.FaultLaws;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads fault laws: from {@code realistic-faults.yaml} beside this class, with or without
 * {@code shared-cluster-faults.yaml}, or from a file in the same format.
 */
public final class FaultsFile {
    public static final String OFF = "off";
    public static final String REALISTIC = "realistic";
    public static final String SHARED_CLUSTER = "shared-cluster";

    private static final FaultLaws REALISTIC_LAWS = readResource("realistic-faults.yaml");
    private static final FaultLaws SHARED_CLUSTER_LAWS =
            REALISTIC_LAWS.with(readResource("shared-cluster-faults.yaml"));

    private FaultsFile() {}

    /** Returns the published fault rates of large clusters, or estimates. The file names the source of each. */
    public static FaultLaws realistic() {
        return REALISTIC_LAWS;
    }

    /** Returns {@link #realistic} changed for a cluster with many users, whose programs fail far more often. */
    public static FaultLaws sharedCluster() {
        return SHARED_CLUSTER_LAWS;
    }

    /**
     * Reads the fault laws of a file.
     *
     * @throws ClusterFileException if the file cannot be read, or a value in it is not allowed
     */
    public static FaultLaws read(Path file) {
        try (var text = TextFile.open(file)) {
            return read(file, text.reader());
        } catch (IOException e) {
            throw ClusterFileException.unreadable(file, e);
        }
    }

    private static FaultLaws read(Path file, Reader reader) {
        List<FaultLaw> laws = new ArrayList<>();
        for (var group : YamlGroup.list(file, reader, "fault laws", FaultFields.NAMES, Map.of())) {
            group.checking(() -> {
                laws.add(FaultFields.read(group::text));
                requireDifferent(laws);
            });
        }
        return new FaultLaws(laws);
    }

    private static void requireDifferent(List<FaultLaw> laws) throws InvalidFieldException {
        var _ = new FaultLaws(laws);
    }

    private static FaultLaws readResource(String resource) {
        try (var input = Objects.requireNonNull(FaultsFile.class.getResourceAsStream(resource), resource)) {
            return read(Path.of(resource), new InputStreamReader(input, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
