package io.gpuctl.cli.metrics;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of a process: whether it can do its work. The format is MicroProfile Health, as for an API's
 * {@code /health}. Thread-safe.
 */
public final class Health {
    static final String ALIVE = check("UP", null);

    private static final String READY = check("UP", null);

    private final Supplier<String> waitingFor;
    private volatile boolean ready;

    /**
     * Starts as not ready.
     *
     * @param waitingFor returns why the process is not ready, for people
     */
    public Health(Supplier<String> waitingFor) {
        this.waitingFor = waitingFor;
    }

    public void setReady(boolean ready) {
        this.ready = ready;
    }

    boolean isReady() {
        return ready;
    }

    String readiness() {
        return ready ? READY : check("DOWN", waitingFor.get());
    }

    private static String check(String status, @Nullable String problem) {
        ObjectNode answer = JsonMapper.builder().build().createObjectNode().put("status", status);
        ObjectNode check =
                answer.putArray("checks").addObject().put("name", "gpuctl").put("status", status);
        if (problem != null) {
            check.putObject("data").put("problem", problem);
        }
        return answer.toString();
    }
}
