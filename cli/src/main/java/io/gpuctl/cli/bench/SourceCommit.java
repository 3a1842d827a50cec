package io.gpuctl.cli.bench;

import io.gpuctl.cli.chaos.cluster.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The commit of the source tree that this program was built in. */
final class SourceCommit {
    private static final String UNKNOWN = "unknown";

    private SourceCommit() {}

    /**
     * Returns the abbreviated commit, "-dirty" at its end if files were changed since; "unknown" outside of a source
     * tree.
     */
    static String current() {
        Path directory = Program.current().directory().toAbsolutePath();
        return directory.endsWith(Path.of("cli", "target", "quarkus-app")) ? describe(directory) : UNKNOWN;
    }

    private static String describe(Path directory) {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 && !commit.isEmpty() ? commit : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN; // There is no git.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
