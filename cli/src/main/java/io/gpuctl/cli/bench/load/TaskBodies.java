package io.gpuctl.cli.bench.load;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The bodies of submissions: small tasks, whose ids are a prefix and the task's number in eight digits. */
final class TaskBodies {
    private static final int DIGITS = 8;

    private final String prefix;
    private final byte[] template;
    private final int digitsAt;

    TaskBodies(String prefix) {
        this.prefix = prefix;
        String before = "{\"task_id\":\"" + prefix;
        template =
                (before + "0".repeat(DIGITS) + "\",\"gpus\":0.1,\"duration\":0.5}\n").getBytes(StandardCharsets.UTF_8);
        digitsAt = before.length();
    }

    /** Returns the lines of {@code count} tasks from number {@code first} on. */
    Buffer of(int first, int count) {
        byte[] body = new byte[count * template.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(template, 0, body, i * template.length, template.length);
            int rest = first + i;
            for (int at = i * template.length + digitsAt + DIGITS - 1; rest > 0; at--) {
                body[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return Buffer.buffer(body);
    }

    /** Returns the number of a task; -1 if the task is not of these. */
    int task(String id) {
        if (!id.startsWith(prefix)) {
            return -1;
        }
        return Integer.parseInt(id, prefix.length(), id.length(), 10);
    }
}
