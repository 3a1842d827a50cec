package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpuctl.cli.StubApi.Answer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks the completions that shells offer after TAB, with the scripts of the packaged program. Skipped for a shell
 * that is not installed.
 */
class CompletionIT {

    private static final URI NOWHERE = URI.create("http://localhost:1");

    @TempDir
    private static Path directory;

    private static StubApi api;

    /** The shells. Each has a command that prints the shell's completions of the last of {@code $WORDS}. */
    enum Shell {
        bash("""
                bash -c '
                    source %1$s/bash-completion/completions/gpuctl
                    compopt() { :; } # bash knows it only while it completes
                    COMP_LINE=$WORDS
                    read -ra COMP_WORDS <<<"$WORDS"
                    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                    _complete_gpuctl
                    printf "%%s\\n" "${COMPREPLY[@]}"'"""),
        zsh("zsh -f %1$s/offered.zsh %1$s/zsh/site-functions \"$WORDS\""),
        fish("fish --no-config -c 'source %1$s/gpuctl.fish; complete -C \"$WORDS\"' | cut -f 1");

        private final String command;

        Shell(String command) {
            this.command = command;
        }

        private boolean isInstalled() {
            return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name())));
        }
    }

    /** Writes the scripts to the same places as in an installation: the script for zsh needs the script for bash. */
    @BeforeAll
    static void writeScripts() throws IOException, InterruptedException {
        api = new StubApi()
                .on("GET /tasks?limit=1000", Answer.of(200, """
                                {"tasks": [{"task_id": "train-1", "state": "completed"},
                                           {"task_id": "train-2", "state": "running"}], "next_cursor": "c"}"""))
                .on("GET /tasks?limit=1000&cursor=c", Answer.of(200, """
                                {"tasks": [{"task_id": "train-3", "state": "queued"},
                                           {"task_id": "other", "state": "queued"}]}"""))
                .on("GET /nodes?limit=1000", Answer.of(200, """
                                {"nodes": [{"node_id": "10", "rack": "r1", "pool": "default"},
                                           {"node_id": "11", "rack": "r1", "pool": "default"},
                                           {"node_id": "2", "rack": "", "pool": "default"}]}"""));
        Path forBash = Files.createDirectories(directory.resolve("bash-completion/completions"));
        Files.writeString(
                forBash.resolve("gpuctl"),
                GpuctlProcess.run(directory, "completion", "bash").out());
        Files.writeString(
                directory.resolve("gpuctl.fish"),
                GpuctlProcess.run(directory, "completion", "fish").out());
        Path forZsh = Files.createDirectories(directory.resolve("zsh/site-functions"));
        Files.copy(
                Path.of(System.getProperty("maven.project.basedir", "."), "../deploy/package/zsh/_gpuctl"),
                forZsh.resolve("_gpuctl"));
        try (InputStream zpty = CompletionIT.class.getResourceAsStream("offered.zsh")) {
            Files.copy(Objects.requireNonNull(zpty), directory.resolve("offered.zsh"));
        }
    }

    @AfterAll
    static void close() {
        api.close();
    }

    /** Returns the completions of the last of these words; the name of the program comes before them. */
    private static List<String> offered(Shell shell, URI server, String words)
            throws IOException, InterruptedException {
        assumeTrue(shell.isInstalled(), () -> "no " + shell + " on this machine");
        var run = GpuctlProcess.shell(
                directory, """
                mkdir -p %1$s/bin
                ln -sf "$GPUCTL" %1$s/bin/gpuctl
                export PATH=%1$s/bin:$PATH GPUCTL_SERVER=%2$s WORDS='gpuctl %3$s'
                """.formatted(directory, server, words) + shell.command.formatted(directory));
        return run.out().lines().filter(line -> !line.isEmpty()).toList();
    }

    @ParameterizedTest
    @EnumSource
    void offersIdsThatTheClusterKnows(Shell shell) throws Exception {
        assertThat(offered(shell, api.address(), "get task train"))
                .containsExactlyInAnyOrder("train-1", "train-2", "train-3");
        assertThat(offered(shell, api.address(), "drain 1")).containsExactlyInAnyOrder("10", "11");
        assertThat(offered(shell, api.address(), "drain --rack r")).containsExactly("r1");
        assertThat(offered(shell, NOWHERE, "get tasks --server %s --pool d".formatted(api.address())))
                .containsExactly("default");
    }

    @ParameterizedTest
    @EnumSource
    void offersToCancelWhatHasNotEnded(Shell shell) throws Exception {
        assertThat(offered(shell, api.address(), "cancel other train")).containsExactlyInAnyOrder("train-2", "train-3");
    }

    @ParameterizedTest
    @EnumSource
    void offersTheWordsOfOptions(Shell shell) throws Exception {
        assertThat(offered(shell, NOWHERE, "cancel --state c"))
                .containsExactlyInAnyOrder("cancelling", "completed", "cancelled");
        assertThat(offered(shell, NOWHERE, "cancel --st")).containsExactly("--state");
        assertThat(offered(shell, NOWHERE, "canc")).containsExactly("cancel");
    }

    @ParameterizedTest
    @EnumSource
    void saysNothingWhereNoClusterAnswers(Shell shell) throws Exception {
        assertThat(offered(shell, NOWHERE, "cancel t")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void runsNothingThatIsTyped(Shell shell) throws Exception {
        offered(shell, api.address(), "get task $(>%1$s/ran) `>%1$s/ran` $(>%1$s/ran)".formatted(directory));

        assertThat(directory.resolve("ran")).doesNotExist();
    }
}
