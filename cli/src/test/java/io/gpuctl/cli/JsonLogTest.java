package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.cli.JsonLog.Messages;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.logging.LogFields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class JsonLogTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter written = new StringWriter();
    private final Messages messages = new Messages(new PrintWriter(written));

    @Test
    void aLineHasWhatItIsAboutBesideItsMessage() throws JsonProcessingException {
        var record = new ExtLogRecord(
                Level.WARN, "Attempt %s is \"lost\"\nto us", getClass().getName());
        record.setLoggerName("io.gpuctl.Some");
        try (var fields = LogFields.of(new PoolId("blue"))) {
            var _ = fields.and(new NodeId("7")).and(new AttemptId(new TaskId("t"), 2));
            record.setMdc(MDC.getCopyOfContextMap());
        }

        String line = new JsonLog().format(record);

        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        JsonNode read = JSON.readTree(line);
        assertThat(read.get("level").asText()).isEqualTo("WARN");
        assertThat(read.get("logger").asText()).isEqualTo("io.gpuctl.Some");
        assertThat(read.get("message").asText()).contains("\"lost\"\nto us");
        assertThat(read.get("pool").asText()).isEqualTo("blue");
        assertThat(read.get("node").asText()).isEqualTo("7");
        assertThat(read.get("task").asText()).isEqualTo("t");
        assertThat(read.get("attempt").isInt()).isTrue();
        assertThat(read.get("attempt").asInt()).isEqualTo(2);
        assertThat(read.get("timestamp").asText()).endsWith("Z");
    }

    @Test
    void fieldsEndWithTheirLine() {
        var fact = new Fact(PoolId.DEFAULT, 9, 0, Cause.TIMER, new ClusterEvent.TaskStarted(new TaskId("t"), 3));
        try (var _ = LogFields.of(fact)) {
            assertThat(MDC.getCopyOfContextMap())
                    .containsEntry("task", "t")
                    .containsEntry("attempt", "3")
                    .containsEntry("fact", "9")
                    .containsEntry("pool", "default");
        }
        assertThat(MDC.get("task")).isNull();
        assertThat(MDC.get("pool")).isNull();
    }

    @Test
    void aTaskAsAWholeHasNoAttempt() {
        var fact = new Fact(PoolId.DEFAULT, 9, 0, Cause.TIMER, new ClusterEvent.RetryDue(new TaskId("t")));
        try (var _ = LogFields.of(fact)) {
            assertThat(MDC.getCopyOfContextMap()).containsEntry("task", "t").doesNotContainKey("attempt");
        }
    }

    @Test
    void onlyAFailureThatNobodyForesawHasAStackTrace() throws JsonProcessingException {
        var foreseen = new ExtLogRecord(Level.ERROR, "It ends", getClass().getName());
        foreseen.setThrown(new NoSuchFileException("/no/such"));
        var unforeseen = new ExtLogRecord(Level.ERROR, "It ends", getClass().getName());
        unforeseen.setThrown(new IllegalStateException("a defect"));

        JsonNode first = JSON.readTree(new JsonLog().format(foreseen));
        JsonNode second = JSON.readTree(new JsonLog().format(unforeseen));

        assertThat(first.get("error").asText()).contains("/no/such");
        assertThat(first.has("stack_trace")).isFalse();
        assertThat(second.get("error").asText()).contains("a defect");
        assertThat(second.get("stack_trace").asText()).contains("JsonLogTest");
    }

    @Test
    void whatACommandTellsItsUserIsAMessageEach() throws JsonProcessingException {
        messages.println("API    http://localhost:8080");
        messages.println();
        messages.println("gpuctl: the disk is full");
        messages.print("Stopp");
        messages.println("ing...");

        var lines = written.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(JSON.readTree(lines.get(0)).get("level").asText()).isEqualTo("INFO");
        assertThat(JSON.readTree(lines.get(1)).get("level").asText()).isEqualTo("ERROR");
        assertThat(JSON.readTree(lines.get(1)).get("message").asText()).isEqualTo("the disk is full");
        assertThat(JSON.readTree(lines.get(2)).get("message").asText()).isEqualTo("Stopping...");
    }

    @Test
    void aDefectThatEndsTheCommandIsOneMessage() throws JsonProcessingException {
        int code = FailureHandler.say(new IllegalStateException("a defect"), messages);

        var lines = written.toString().lines().toList();
        assertThat(code).isEqualTo(1);
        assertThat(lines).hasSize(1);
        assertThat(JSON.readTree(lines.getFirst()).get("stack_trace").asText()).contains("JsonLogTest");
    }
}
