package io.gpuctl.cli.chaos.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packaged program that child processes run. Their heaps are small, because nine processes share a small machine.
 *
 * @param directory the packaged application, {@code quarkus-app}
 */
public record Program(Path directory) {
    private static final String APPLICATION = "gpuctl.jar";

    /** The ahead-of-time cache for services. The JVM ignores the cache if it does not fit. */
    private static final String CACHE = "aot/cluster.aot";

    private static final List<String> JAVA_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+ExitOnOutOfMemoryError");

    /** Places of the packaged application: the directory itself, a built source tree, an installation. */
    private static final List<String> PLACES = List.of("", "cli/target/quarkus-app", "lib/quarkus-app");

    /** Places of the script that users start, from the packaged application: a source tree, an installation. */
    private static final List<String> SCRIPTS = List.of("../../../gpuctl", "../../bin/gpuctl");

    /** Returns the program that this process was started from, or the one that {@code gpuctl.app} names. */
    public static Program current() {
        Path named = Path.of(System.getProperty("gpuctl.app", System.getProperty("java.class.path", "")));
        Path directory = named.endsWith(APPLICATION) ? named.toAbsolutePath().getParent() : named;
        if (directory == null || !isPackaged(directory)) {
            throw new ChaosException("The packaged program is not at %s: build it with ./mvnw package, and run ./gpuctl"
                    .formatted(directory));
        }
        return new Program(directory);
    }

    /**
     * Returns the program in a built source tree, in an installation, or in this directory itself; empty if there is
     * none.
     */
    public static Optional<Program> in(Path directory) {
        return PLACES.stream()
                .map(place -> directory.toAbsolutePath().resolve(place).normalize())
                .filter(Program::isPackaged)
                .findFirst()
                .map(Program::new);
    }

    private static boolean isPackaged(Path directory) {
        return Files.isRegularFile(directory.resolve(APPLICATION));
    }

    /** Returns the command line of a {@code gpuctl} command. */
    List<String> gpuctl(int heapMiB, List<String> arguments) {
        List<String> program = new ArrayList<>();
        Path cache = directory.resolve(CACHE);
        if (Files.isRegularFile(cache)) {
            program.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
        }
        program.addAll(List.of("-jar", directory.resolve(APPLICATION).toString()));
        return command(heapMiB, program, arguments);
    }

    /**
     * Returns the command line of a {@code gpuctl} command as a user starts it: the script chooses the JVM's options.
     */
    List<String> shipped(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(script().toString());
        command.addAll(arguments);
        return command;
    }

    private Path script() {
        return SCRIPTS.stream()
                .map(place -> directory.toAbsolutePath().resolve(place).normalize())
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new ChaosException("There is no script gpuctl for the program in " + directory));
    }

    /** Returns the command line of a main class of Kafka, from the shipped jars. */
    List<String> kafka(int heapMiB, String mainClass, List<String> arguments) {
        String classPath = directory.resolve("lib").resolve("main") + "/*";
        return command(heapMiB, List.of("-cp", classPath, mainClass), arguments);
    }

    private static List<String> command(int heapMiB, List<String> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_OPTIONS);
        command.add("-Xmx" + heapMiB + "m");
        command.addAll(program);
        command.addAll(arguments);
        return command;
    }
}
