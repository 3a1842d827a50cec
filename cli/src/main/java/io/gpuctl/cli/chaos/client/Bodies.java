package io.gpuctl.cli.chaos.client;

import io.gpuctl.cli.chaos.client.Claim.Body;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Generates random submissions: small tasks of a few seconds, shares of GPUs and gangs, some that fail, some that are
 * invalid.
 */
final class Bodies {
    private static final int[] GPU_MILLI = {100, 250, 500, 500, 1000, 1000, 1000, 2000, 4000, 8000};
    private static final int GANG_MILLI = 16_000;
    private static final List<String> PRIORITIES = List.of("low", "normal", "high");
    private static final List<String> ILLEGAL = List.of(
            "\"duration\":1e-10000000",
            "\"duration\":1e99999999999",
            "\"duration\":-1",
            "\"duration\":\"soon\"",
            "\"gpus\":0.0001",
            "\"gpus\":1e2147483648",
            "\"gpus\":999999",
            "\"priority\":\"urgent\"",
            "\"no_such_field\":1",
            "\"max_nodes\":0",
            "\"pool\":\"a/b\"");

    private final SplittableRandom random;

    Bodies(SplittableRandom random) {
        this.random = random;
    }

    Body legal(String user, @Nullable String taskId) {
        boolean isGang = random.nextInt(25) == 0;
        int gpuMilli = isGang ? GANG_MILLI : GPU_MILLI[random.nextInt(GPU_MILLI.length)];
        long durationMs = 200L + random.nextInt(3_000);
        String priority = PRIORITIES.get(random.nextInt(PRIORITIES.size()));
        var json = new StringBuilder(start(user, taskId))
                .append(",\"gpus\":%s,\"duration_ms\":%d,\"priority\":\"%s\""
                        .formatted(gpus(gpuMilli), durationMs, priority));
        if (isGang) {
            json.append(",\"max_nodes\":4");
        }
        if (random.nextInt(30) == 0) {
            json.append(",\"exit_code\":1,\"max_attempts\":2");
        }
        if (random.nextInt(6) == 0) {
            json.append(",\"checkpoint_interval\":1");
        }
        return new Body(gpuMilli, durationMs, priority, json.append('}').toString(), true);
    }

    Body illegal(String user, String taskId) {
        String fault = ILLEGAL.get(random.nextInt(ILLEGAL.size()));
        return new Body(0, 0, "", start(user, taskId) + "," + fault + "}", false);
    }

    private static String start(String user, @Nullable String taskId) {
        return "{\"user\":\"%s\"%s".formatted(user, taskId == null ? "" : ",\"task_id\":\"%s\"".formatted(taskId));
    }

    private static String gpus(int milli) {
        return milli % 1000 == 0 ? Integer.toString(milli / 1000) : "0.%03d".formatted(milli);
    }
}
