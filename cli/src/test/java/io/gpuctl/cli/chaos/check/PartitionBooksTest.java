package io.gpuctl.cli.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** The independent check finds each violation that the test plants in a correct log. */
class PartitionBooksTest {
    private static final String TASK =
            "{\"task_id\":\"t1\",\"pool\":\"p\",\"user\":\"ada\",\"gpus\":{\"count\":2,\"milli\":1000,\"memory_mib\":0}}";
    private static final String SUBMIT = "{\"type\":\"submit_task\",\"task\":" + TASK + ",\"at_ms\":1}";
    private static final String REGISTERED =
            "{\"type\":\"node_registered\",\"inventory\":{\"node_id\":\"n1\",\"pool\":\"p\",\"gpu_count\":2,"
                    + "\"gpu_memory_mib\":100,\"cpu_milli\":1000,\"memory_mib\":1000},\"incarnation\":7}";
    private static final String SUBMITTED = "{\"type\":\"task_submitted\",\"task\":" + TASK + "}";
    private static final String PLACED = placed("t1", 1, "[0,1]", 1000);
    private static final String STARTED = "{\"type\":\"task_started\",\"task_id\":\"t1\",\"attempt\":1}";
    private static final String COMPLETED = "{\"type\":\"task_completed\",\"task_id\":\"t1\",\"attempt\":1}";
    private static final String START_COMMAND = start("t1", "[0,1]");

    private final Findings findings = new Findings();
    private final PartitionBooks books = new PartitionBooks(findings);
    private final List<String> facts = new ArrayList<>(List.of(REGISTERED, SUBMITTED, PLACED, STARTED, COMPLETED));
    private final List<String> commands = new ArrayList<>(List.of(SUBMIT));
    private final List<String> nodeCommands = new ArrayList<>(List.of(START_COMMAND));
    private long skippedSequences;

    private static String placed(String task, int attempt, String gpus, int milli) {
        return "{\"type\":\"task_placed\",\"task_id\":\"%s\",\"attempt\":%d,\"allocations\":[%s]}"
                .formatted(task, attempt, allocation(gpus, milli));
    }

    private static String allocation(String gpus, int milli) {
        return "{\"node_id\":\"n1\",\"incarnation\":7,\"gpus\":%s,\"gpu_milli\":%d,\"gpu_memory_mib\":10,\"cpu_milli\":0,\"memory_mib\":0}"
                .formatted(gpus, milli);
    }

    private static String start(String task, String gpus) {
        return "{\"type\":\"start_attempt\",\"pool\":\"p\",\"attempt\":{\"task_id\":\"%s\",\"number\":1},\"allocation\":%s}"
                .formatted(task, allocation(gpus, 1000));
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, long offset, String value) {
        return new ConsumerRecord<>(topic, 0, offset, null, value.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> rulesBroken() {
        for (int i = 0; i < commands.size(); i++) {
            books.command(record("task-commands", i, commands.get(i)));
        }
        int sequence = 1;
        int submission = 0;
        for (String event : facts) {
            boolean isDecision = event.contains("task_submitted") || event.contains("task_rejected");
            String source = isDecision ? "task-commands" : "node-events";
            int offset = isDecision ? submission++ : 0;
            String fact =
                    "{\"pool\":\"p\",\"sequence\":%d,\"at_ms\":5,\"cause\":{\"source\":\"%s\",\"partition\":0,\"offset\":%d},\"event\":%s}"
                            .formatted(sequence, source, offset, event);
            books.fact(record("cluster-events", sequence, fact));
            sequence += 1 + (int) skippedSequences;
        }
        for (int i = 0; i < nodeCommands.size(); i++) {
            books.nodeCommand(record("placements", i, nodeCommands.get(i)), true);
        }
        books.close(Set.of(), true, "0");
        return findings.kept().stream().map(Findings.Finding::rule).distinct().toList();
    }

    @Test
    void findsNothingInALogThatIsRight() {
        assertThat(rulesBroken()).isEmpty();
        assertThat(books.matchedStarts()).isEqualTo(1);
    }

    @Test
    void aGapInTheSequence() {
        skippedSequences = 1;

        assertThat(rulesBroken()).containsExactly("sequence");
    }

    @Test
    void aTaskThatEndsTwice() {
        facts.add(COMPLETED);

        assertThat(rulesBroken()).containsExactly("step");
    }

    @Test
    void aTaskThatCompletesWithoutAStart() {
        facts.remove(STARTED);

        assertThat(rulesBroken()).containsExactly("step");
    }

    @Test
    void aSecondPlacementWhileTheFirstRuns() {
        facts.add(4, placed("t1", 2, "[0,1]", 1000));

        assertThat(rulesBroken()).contains("step");
    }

    @Test
    void aGpuThatIsGivenOutTwice() {
        String other = TASK.replace("t1", "t2");
        commands.add(SUBMIT.replace("t1", "t2"));
        facts.add(3, "{\"type\":\"task_submitted\",\"task\":" + other + "}");
        facts.add(4, placed("t2", 1, "[0,1]", 1000));
        nodeCommands.add(start("t2", "[0,1]"));

        assertThat(rulesBroken()).containsExactly("step");
        assertThat(findings.kept().getFirst().text()).contains("GPU 0 of node n1: 2000 of 1000 milli");
    }

    @Test
    void aGangThatIsNotWhole() {
        facts.set(2, placed("t1", 1, "[0]", 1000));
        nodeCommands.set(0, start("t1", "[0]"));

        assertThat(rulesBroken()).contains("step");
        assertThat(findings.kept().getFirst().text()).contains("1 GPUs, but the task asked for 2");
    }

    @Test
    void aNodeThatWasNotTold() {
        nodeCommands.clear();

        assertThat(rulesBroken()).containsExactly("placement");
    }

    @Test
    void aNodeThatWasToldTwice() {
        nodeCommands.add(START_COMMAND);

        assertThat(rulesBroken()).containsExactly("placement");
    }

    @Test
    void aNodeThatWasToldWithoutAPlacement() {
        nodeCommands.add(start("t9", "[0]"));

        assertThat(rulesBroken()).containsExactly("placement");
    }

    @Test
    void aSubmissionThatWasForgotten() {
        commands.addFirst(SUBMIT.replace("t1", "t0"));
        facts.add(1, "{\"type\":\"task_submitted\",\"task\":" + TASK.replace("t1", "t3") + "}");
        commands.add(SUBMIT.replace("t1", "t3"));

        assertThat(rulesBroken()).contains("submission");
    }

    @Test
    void aTaskThatNobodySubmitted() {
        commands.clear();

        assertThat(rulesBroken()).containsExactly("submission");
    }

    @Test
    void aTaskWithAnotherContentThanSubmitted() {
        commands.set(0, SUBMIT.replace("ada", "bob"));

        assertThat(rulesBroken()).containsExactly("submission");
    }

    @Test
    void aPlacementOnANodeThatIsLost() {
        facts.add(1, "{\"type\":\"node_suspected\",\"node_id\":\"n1\"}");

        assertThat(rulesBroken()).contains("step");
        assertThat(findings.kept().getFirst().text()).contains("node n1 is SUSPECT");
    }

    @Test
    void countsFactsThatItDoesNotKnow() {
        facts.add("{\"type\":\"moon_risen\",\"node_id\":\"n1\"}");

        assertThat(rulesBroken()).isEmpty();
        assertThat(books.pools().get("p").unknownTypes()).containsEntry("moon_risen", 1L);
    }
}
