package io.gpuctl.cli.chaos.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.chaos.check.CheckReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the ledger with the log and the API's list: each way to break a guarantee is found. */
class LedgerCheckTest {
    private static final Claim.Body BODY = new Claim.Body(500, 200, "normal", "{}", true);

    @TempDir
    private Path directory;

    private Ledger ledger;
    private final SortedMap<String, List<CheckReport.Task>> tasks = new TreeMap<>();
    private final Map<String, String> shown = new TreeMap<>();

    @BeforeEach
    void open() {
        ledger = new Ledger(directory.resolve("ledger.jsonl"));
    }

    private Claim claim(String id, int... answers) {
        var claim = new Claim(id, id, BODY);
        for (int answer : answers) {
            claim.asked();
            claim.answered(answer);
        }
        ledger.add(claim);
        return claim;
    }

    private void inLog(String id, String user, String state, int milli) {
        String specification =
                "{\"task_id\":\"%s\",\"user\":\"%s\",\"priority\":\"normal\",\"gpus\":{\"count\":1,\"milli\":%d},\"work\":{\"duration_ms\":200}}"
                        .formatted(id, user, milli);
        boolean isFinal = !List.of("queued", "running").contains(state);
        tasks.computeIfAbsent(id, any -> new ArrayList<>())
                .add(new CheckReport.Task("default", state, isFinal, 1, specification));
        shown.put(id, state);
    }

    private List<String> broken() {
        return LedgerCheck.run(ledger, new CheckReport(null, tasks, 0, 0, 0, new TreeMap<>()), shown);
    }

    @Test
    void nothingIsBrokenIfAllIsAsItWasSaid() {
        claim("kept", 201, 201);
        inLog("kept", "kept", "completed", 500);
        claim("refused", 422);
        claim("taken-without-a-word", Claim.NO_ANSWER, 503);
        inLog("taken-without-a-word", "taken-without-a-word", "cancelled", 500);
        claim("never-taken", Claim.NO_ANSWER);

        assertThat(broken()).isEmpty();
    }

    @Test
    void anAcknowledgedTaskThatIsNotThere() {
        claim("lost", Claim.NO_ANSWER, 201);

        assertThat(broken()).singleElement().asString().startsWith("acknowledged, but missing");
    }

    @Test
    void aTaskThatIsThereTwice() {
        claim("twice", 201);
        inLog("twice", "twice", "completed", 500);
        inLog("twice-again", "twice", "completed", 500);

        assertThat(broken()).singleElement().asString().startsWith("exists 2 times");
    }

    @Test
    void aRefusedTaskThatIsThere() {
        claim("refused", 409);
        inLog("refused", "refused", "completed", 500);

        assertThat(broken()).singleElement().asString().startsWith("refused, but exists");
    }

    @Test
    void anotherContentThanSubmitted() {
        claim("other", 201);
        inLog("other", "other", "completed", 250);

        assertThat(broken()).singleElement().asString().startsWith("differs from the submission");
    }

    @Test
    void aTaskThatDoesNotEnd() {
        claim("endless", 201);
        inLog("endless", "endless", "queued", 500);

        assertThat(broken()).singleElement().asString().startsWith("has not ended");
    }

    @Test
    void anApiThatShowsAnotherState() {
        claim("shown", 201);
        inLog("shown", "shown", "completed", 500);
        shown.put("shown", "failed");
        shown.put("ghost", "completed");

        assertThat(broken()).hasSize(2);
    }
}
