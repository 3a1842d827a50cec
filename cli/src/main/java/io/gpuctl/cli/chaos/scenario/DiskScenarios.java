package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Damage to files, and writes of other programs to the log of a running cluster. */
final class DiskScenarios {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(5);
    private static final int TOOL_HEAP_MIB = 1024;
    private static final int FLIPS = 64;
    private static final int LOOKS = 3;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "damaged-stores",
                    "flipped bytes in the orchestrators' and the APIs' local stores: the stores are caches, and are rebuilt",
                    Use.ALONE,
                    DiskScenarios::damagedStores),
            new Scenario(
                    "verify-under-load",
                    "verify, log export, and replay of the export, while the cluster is busy",
                    Use.ALONE,
                    DiskScenarios::verifyUnderLoad),
            new Scenario(
                    "linked-lock",
                    "a symbolic link in place of the lock file: the target of the link does not change",
                    Use.ALONE,
                    DiskScenarios::linkedLock));

    private DiskScenarios() {}

    private static void damagedStores(Stage stage) throws IOException {
        List<ChildProcess> owners = new ArrayList<>(stage.cluster().processes("orchestrator-"));
        owners.addAll(stage.cluster().processes("api-"));
        for (ChildProcess owner : owners) {
            owner.stop(STOP_LIMIT);
        }
        int files = 0;
        for (Path file : storeFiles(stage)) {
            flip(stage, file);
            files++;
        }
        stage.say("bytes flipped in %d files".formatted(files));
        if (files == 0) {
            throw new ChaosException(
                    "there are no RocksDB files below " + stage.cluster().data());
        }
        stage.cluster().heal();
        stage.awaitService();
    }

    private static List<Path> storeFiles(Stage stage) throws IOException {
        try (Stream<Path> files = Files.walk(stage.cluster().data().resolve("instances"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".sst") || name.endsWith(".log") || name.startsWith("MANIFEST");
                    })
                    .toList();
        }
    }

    private static void flip(Stage stage, Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i < FLIPS && file.length() > 0; i++) {
                long position = stage.random().nextLong(file.length());
                file.seek(position);
                int before = file.read();
                file.seek(position);
                file.write(before ^ (1 << stage.random().nextInt(8)));
            }
        }
    }

    private static void verifyUnderLoad(Stage stage) {
        for (int look = 1; look <= LOOKS; look++) {
            run(stage, "verify-" + look, with("verify", stage.cluster().kafka().arguments()));
            String export = stage.cluster()
                    .directory()
                    .resolve("export-under-load-" + look)
                    .toString();
            List<String> arguments = new ArrayList<>(List.of("log"));
            arguments.addAll(with("export", stage.cluster().kafka().arguments()));
            arguments.addAll(List.of("-o", export));
            run(stage, "export-" + look, arguments);
            run(stage, "replay-" + look, List.of("replay", export));
            stage.say("round %d of %d: verify, export and replay agree".formatted(look, LOOKS));
        }
    }

    private static List<String> with(String command, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(more);
        return arguments;
    }

    private static void run(Stage stage, String name, List<String> arguments) {
        ChildProcess tool = stage.cluster().run(name, TOOL_HEAP_MIB, TOOL_LIMIT, arguments);
        if (tool.awaitExit(TOOL_LIMIT) != 0) {
            throw new ChaosException("%s, under load: %s".formatted(String.join(" ", arguments), tool.tail()));
        }
    }

    private static void linkedLock(Stage stage) throws IOException {
        Path directory = Files.createDirectories(stage.cluster().directory().resolve("linked"));
        Path other = Files.writeString(stage.cluster().directory().resolve("somebodys.txt"), "somebody's\n");
        Files.createSymbolicLink(directory.resolve("gpuctl.lock"), other);
        ChildProcess broker = stage.cluster()
                .launch(
                        "linked-broker",
                        256,
                        List.of(
                                "run",
                                "broker",
                                "--data",
                                directory.toString(),
                                "--kafka-port",
                                Integer.toString(stage.cluster().freePort())));
        stage.until(
                "the broker has started, or has refused to start",
                () -> !broker.isAlive() || broker.output().contains("ready in "));
        broker.stop(STOP_LIMIT);
        String content = Files.readString(other);
        if (!content.equals("somebody's\n")) {
            throw new ChaosException(
                    "the broker followed the link in place of the lock file, and the target contains: " + content);
        }
        stage.say("the target of the link has not changed");
    }
}
