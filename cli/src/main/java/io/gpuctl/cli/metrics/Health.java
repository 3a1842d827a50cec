package io.gpuctl.cli.metrics;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Whether a process can do its work, as an API says it at {@code /health}: the form is MicroProfile Health's. Thread-safe. */
public final class Health {
    static final String ALIVE = check("UP", null);

    private static final String READY = check("UP", null);

    private final String notReady;
    private volatile boolean ready;

    /** @param missing what it must get before it is ready, for people */
    public Health(String missing) {
        notReady = check("DOWN", missing);
    }

    public void setReady(boolean ready) {
        this.ready = ready;
    }

    boolean isReady() {
        return ready;
    }

    String readiness() {
        return ready ? READY : notReady;
    }

    private static String check(String status, @Nullable String missing) {
        ObjectNode answer = JsonMapper.builder().build().createObjectNode().put("status", status);
        ObjectNode check =
                answer.putArray("checks").addObject().put("name", "gpuctl").put("status", status);
        if (missing != null) {
            check.putObject("data").put("missing", missing);
        }
        return answer.toString();
    }
}
