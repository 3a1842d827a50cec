package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.Waiting;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Faults of the disk below a whole cluster. Scenarios that need a file system of their own must be run as root on
 * Linux.
 */
final class VolumeScenarios {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int POWER_CUT_TASKS = 150;
    private static final int IMAGE_MIB = 600;
    private static final double CUT = 0.4;

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "power-cut",
                    "the disk's image is copied right after 150 answers of 201: every task is on the copy (root)",
                    Use.UP,
                    VolumeScenarios::powerCut),
            new Scenario(
                    "disk-full",
                    "the disk is full, then freed: the cluster recovers by itself, or says that it must be restarted"
                            + " (root)",
                    Use.UP,
                    VolumeScenarios::diskFull),
            new Scenario(
                    "damaged-log",
                    "the last 40 % of a file of facts are cut off: up reports the damage, and does not become ready",
                    Use.UP,
                    VolumeScenarios::damagedLog));

    private VolumeScenarios() {}

    /** Runs a system command. Returns whether it succeeded. */
    private static boolean system(Stage stage, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            stage.cluster().directory().resolve("system.log").toFile()))
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void powerCut(Stage stage) throws IOException {
        Path directory = stage.cluster().directory();
        Path image = directory.resolve("disk.img");
        Path copy = directory.resolve("cut.img");
        Path disk = Files.createDirectories(directory.resolve("disk"));
        Path cut = Files.createDirectories(directory.resolve("cut"));
        boolean isMounted = system(stage, "truncate", "-s", IMAGE_MIB + "M", image.toString())
                && system(stage, "mkfs.ext4", "-q", image.toString())
                && system(stage, "mount", "-o", "loop", image.toString(), disk.toString());
        if (!isMounted) {
            stage.say(
                    "SKIPPED: a file system in a file cannot be created here: this needs root, mkfs.ext4 and a loop device");
            return;
        }
        try {
            try (var up = new UpRun(stage, "up", disk.resolve("up"), 0, List.of("--nodes", "4")).start()) {
                for (int i = 0; i < POWER_CUT_TASKS; i++) {
                    up.submit("cut-" + i, "\"gpus\":0.1,\"duration\":3600");
                }
                up.process().pause(); // Nothing must change while the disk is copied.
                if (!system(stage, "cp", "--sparse=always", image.toString(), copy.toString())) {
                    throw new ChaosException("the image could not be copied");
                }
                up.kill();
            }
            if (!system(stage, "mount", "-o", "loop", copy.toString(), cut.toString())) {
                throw new ChaosException("the copy of the image cannot be mounted");
            }
            try (var up = new UpRun(stage, "up-after", cut.resolve("up"), 0, List.of("--nodes", "4")).start()) {
                for (int i = 0; i < POWER_CUT_TASKS; i++) {
                    up.requireTaken("cut-" + i);
                }
                stage.say("all %d tasks are on the copy of the image".formatted(POWER_CUT_TASKS));
                up.stop();
                up.verify();
            }
        } finally {
            system(stage, "umount", "-l", disk.toString());
            system(stage, "umount", "-l", cut.toString());
        }
    }

    private static void diskFull(Stage stage) throws IOException {
        Path disk = Files.createDirectories(stage.cluster().directory().resolve("small"));
        if (!system(stage, "mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk.toString())) {
            stage.say("SKIPPED: a small file system cannot be created here: this needs root");
            return;
        }
        try (var up = new UpRun(stage, "up", disk.resolve("up"), 0, List.of("--nodes", "4"))) {
            up.start();
            up.submit("before", "\"gpus\":0.1,\"duration\":1");
            Path filler = disk.resolve("filler");
            system(stage, "dd", "if=/dev/zero", "of=" + filler, "bs=1M");
            stage.say("the disk is full");
            List<String> taken = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String id = "full-" + i;
                String body = "{\"task_id\":\"%s\",\"user\":\"%s\",\"gpus\":0.1,\"duration\":1}".formatted(id, id);
                if (up.process().isAlive() && up.api().post("/tasks", body).status() == 201) {
                    taken.add(id);
                }
            }
            stage.say("%d of 300 were still answered with 201; up %s"
                    .formatted(taken.size(), up.process().isAlive() ? "runs" : "has ended"));
            Files.delete(filler);
            stage.pauseSeconds(10, 11);
            if (!up.process().isAlive()) {
                stage.say("up has ended: " + up.process().tail().lines().reduce("", (a, b) -> b));
                up.start();
            }
            up.submit("after", "\"gpus\":0.1,\"duration\":0.1");
            up.await("after", "completed");
            taken.forEach(up::requireTaken);
            up.stop();
            up.verify();
        } finally {
            system(stage, "umount", "-l", disk.toString());
        }
    }

    private static void damagedLog(Stage stage) throws IOException {
        try (var up = UpRun.of(stage, "--nodes", "4").start()) {
            for (int i = 0; i < 50; i++) {
                up.submit("cut-" + i, "\"gpus\":0.1,\"duration\":0.1");
            }
            up.await("cut-49", "completed");
            up.stop();
            Path facts = largestFactsFile(stage.cluster().directory().resolve("up"));
            try (var file = new RandomAccessFile(facts.toFile(), "rw")) {
                file.setLength((long) (file.length() * (1 - CUT)));
            }
            stage.say("%s was truncated".formatted(facts.getFileName()));
            up.process().start();
            Waiting.until(
                    "up reports the damage, and is not ready",
                    LIMIT,
                    () -> up.process().output().contains("cluster-events-"));
            if (up.process().output().contains("ready in ")) {
                throw new ChaosException("up is ready although its log was truncated");
            }
        }
    }

    private static Path largestFactsFile(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".log"))
                    .filter(file -> file.toString().contains("cluster-events-"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow(() -> new ChaosException("no facts below " + data));
        }
    }
}
