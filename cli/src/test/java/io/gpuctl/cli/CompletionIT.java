package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash offers after TAB, with the script of the packaged program. */
class CompletionIT {

    private static final URI NOWHERE = URI.create("http://localhost:1");

    @TempDir
    private static Path directory;

    private static StubApi api;

    @BeforeAll
    static void writeScript() throws IOException, InterruptedException {
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
        Files.writeString(
                directory.resolve("completion"),
                GpuctlProcess.run(directory, "completion").out());
    }

    @AfterAll
    static void close() {
        api.close();
    }

    /** What is offered for the last of these words. */
    private static List<String> offered(URI server, String words) throws IOException, InterruptedException {
        var run = GpuctlProcess.shell(directory, """
                GPUCTL_SERVER=%1$s exec bash -c '
                    source %2$s/completion
                    compopt() { :; } # bash knows it only while it completes
                    COMP_LINE="$0 %3$s" COMP_WORDS=("$0" %3$s)
                    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                    _complete_gpuctl
                    printf "%%s\\n" "${COMPREPLY[@]}"' "$GPUCTL"
                """.formatted(server, directory, words));
        return run.out().lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void offersIdsThatTheClusterKnows() throws Exception {
        assertThat(offered(api.address(), "get task train")).containsExactlyInAnyOrder("train-1", "train-2", "train-3");
        assertThat(offered(api.address(), "drain 1")).containsExactlyInAnyOrder("10", "11");
        assertThat(offered(api.address(), "drain --rack r")).containsExactly("r1");
        assertThat(offered(NOWHERE, "get tasks --server %s --pool d".formatted(api.address())))
                .containsExactly("default");
    }

    @Test
    void offersToCancelWhatHasNotEnded() throws Exception {
        assertThat(offered(api.address(), "cancel other train")).containsExactlyInAnyOrder("train-2", "train-3");
    }

    @Test
    void offersTheWordsOfOptions() throws Exception {
        assertThat(offered(NOWHERE, "cancel --state c"))
                .containsExactlyInAnyOrder("cancelling", "completed", "cancelled");
        assertThat(offered(NOWHERE, "cancel --st")).containsExactly("--state");
        assertThat(offered(NOWHERE, "canc")).containsExactly("cancel");
    }

    @Test
    void saysNothingWhereNoClusterAnswers() throws Exception {
        assertThat(offered(NOWHERE, "cancel t")).isEmpty();
    }
}
