package io.gpuctl.api;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The tools of {@code src/test/npm}, installed in {@code target/npm} with the versions of the lock file; installed
 * again when the lock file changes.
 */
final class NpmTools {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int NODE_VERSION_MIN = 18;
    private static final String LOCK = "package-lock.json";
    private static final Path MODULE = Path.of(System.getProperty("maven.project.basedir", "."));
    private static final Path SOURCES = MODULE.resolve("src/test/npm");
    private static final Path TARGET = MODULE.resolve("target/npm");
    private static final Path INSTALLED_LOCK = TARGET.resolve("installed-lock.json");

    /** Disables telemetry and update checks of the tools. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("REDOCLY_TELEMETRY", "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE", "true", "NO_COLOR", "1");

    private NpmTools() {}

    /** The exit code of a program, and its output on both streams. */
    record Run(int exitCode, String output) {}

    /** Skips the test where npm is not installed. */
    static NpmTools install() throws IOException, InterruptedException {
        Files.createDirectories(TARGET);
        assumeTrue(isInstalled(), "npm with Node.js 18 or newer is not installed (Debian's package is npm)");
        try (var sources = Files.list(SOURCES)) {
            sources.forEach(NpmTools::copy);
        }
        if (!Files.exists(INSTALLED_LOCK) || Files.mismatch(INSTALLED_LOCK, SOURCES.resolve(LOCK)) >= 0) {
            Run run = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            if (run.exitCode() != 0) {
                throw new IOException("npm ci ended with %d: %s".formatted(run.exitCode(), run.output()));
            }
            Files.copy(SOURCES.resolve(LOCK), INSTALLED_LOCK, StandardCopyOption.REPLACE_EXISTING);
        }
        return new NpmTools();
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            String version = run("node", "--version").output(); // v20.20.2
            return Integer.parseInt(version.substring(1, version.indexOf('.'))) >= NODE_VERSION_MIN
                    && run("npm", "--version").exitCode() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static void copy(Path source) {
        try {
            Files.copy(source, TARGET.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file to the directory in which the tools run. */
    void write(String file, String content) throws IOException {
        Files.writeString(TARGET.resolve(file), content);
    }

    /** Runs one of the installed tools. */
    Run tool(String name, String... args) throws IOException, InterruptedException {
        return run("node_modules/.bin/" + name, args);
    }

    /** Runs a script. */
    Run node(String... args) throws IOException, InterruptedException {
        return run("node", args);
    }

    private static Run run(String program, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(args));
        Path output = Files.createTempFile(TARGET, "run", ".out");
        var builder = new ProcessBuilder(command)
                .directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(ENVIRONMENT);
        try {
            var process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException(command + " still runs: " + Files.readString(output));
            }
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
