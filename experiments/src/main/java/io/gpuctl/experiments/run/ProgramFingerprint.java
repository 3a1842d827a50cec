package io.gpuctl.experiments.run;

import io.gpuctl.events.Fact;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.orchestrator.core.PoolOrchestrator;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.telemetry.conditions.ConditionSmoother;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fingerprint of the program that executes a run, so that finished runs of different versions are not mixed. It is a
 * digest of the modules' jars, whose bytes depend only on their sources.
 */
final class ProgramFingerprint {
    private static final List<Class<?>> ONE_OF_EACH_MODULE =
            List.of(Fact.class, PoolOrchestrator.class, NodeModel.class, ConditionSmoother.class, VirtualCluster.class);

    private ProgramFingerprint() {}

    static String compute() {
        MessageDigest digest = FactChecksum.sha256();
        try {
            for (Class<?> type : ONE_OF_EACH_MODULE) {
                addAll(
                        Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI()),
                        digest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The location of the program's classes is not a valid URI", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Adds a jar, or a folder of classes. */
    private static void addAll(Path place, MessageDigest digest) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                digest.update(Files.readAllBytes(file));
            }
        }
    }
}
