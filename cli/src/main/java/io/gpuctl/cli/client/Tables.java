package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.units.Sizes;
import java.math.RoundingMode;
import java.util.List;

/** Formats the answers of the API as tables. */
final class Tables {

    private static final double JOULES_PER_KWH = 3.6e6;

    private Tables() {}

    static Table tasks(List<JsonNode> tasks, boolean isWide) {
        return isWide ? wideTasks(tasks) : tasks(tasks);
    }

    private static Table tasks(List<JsonNode> tasks) {
        var table = new Table(
                Column.left("ID"),
                Column.state("STATE"),
                Column.right("GPUS"),
                Column.text("NODE[GPUS]"),
                Column.right("QUEUED"),
                Column.right("RAN"),
                Column.text("USER"),
                Column.text("REASON"));
        for (JsonNode json : tasks) {
            var task = new TaskDocument(json);
            table.row(
                    task.id(),
                    task.state(),
                    task.gpus(),
                    task.placementInShort(),
                    task.queueTime(),
                    task.runTime(),
                    task.text("user"),
                    task.reason());
        }
        return table;
    }

    private static Table wideTasks(List<JsonNode> tasks) {
        var table = new Table(
                Column.left("ID"),
                Column.state("STATE"),
                Column.left("POOL"),
                Column.left("PRIORITY"),
                Column.right("GPUS"),
                Column.right("MEMORY"),
                Column.text("NODE[GPUS]"),
                Column.right("ATTEMPT"),
                Column.left("SUBMITTED"),
                Column.right("QUEUED"),
                Column.right("RAN"),
                Column.text("USER"),
                Column.text("REASON"));
        for (JsonNode json : tasks) {
            var task = new TaskDocument(json);
            table.row(
                    task.id(),
                    task.state(),
                    task.text("pool"),
                    task.text("priority"),
                    task.gpus(),
                    size(json, "gpu_memory_mib"),
                    task.placement(),
                    task.text("attempt"),
                    task.text("submitted_at"),
                    task.queueTime(),
                    task.runTime(),
                    task.text("user"),
                    task.reason());
        }
        return table;
    }

    static Table nodes(List<JsonNode> nodes, boolean isWide) {
        return isWide ? wideNodes(nodes) : nodes(nodes);
    }

    private static Table nodes(List<JsonNode> nodes) {
        var table = new Table(
                Column.left("ID"),
                Column.state("HEALTH"),
                Column.left("RACK"),
                Column.text("MODEL"),
                Column.right("GPUS"),
                Column.right("ALLOCATED"),
                Column.right("OUT"),
                Column.right("TASKS"),
                Column.text("WHY"));
        for (JsonNode node : nodes) {
            table.row(
                    node.path("node_id").asText(),
                    health(node),
                    node.path("rack").asText(),
                    node.path("gpu_model").asText(),
                    node.path("gpu_count").asText(),
                    number(node.path("gpus_allocated")),
                    gpusOut(node),
                    tasksOn(node),
                    why(node));
        }
        return table;
    }

    private static Table wideNodes(List<JsonNode> nodes) {
        var table = new Table(
                Column.left("ID"),
                Column.state("HEALTH"),
                Column.left("POOL"),
                Column.left("RACK"),
                Column.text("MODEL"),
                Column.right("GPUS"),
                Column.right("ALLOCATED"),
                Column.right("OUT"),
                Column.right("GPU MEMORY"),
                Column.right("TASKS"),
                Column.left("SINCE"),
                Column.text("WHY"));
        for (JsonNode node : nodes) {
            table.row(
                    node.path("node_id").asText(),
                    health(node),
                    node.path("pool").asText(),
                    node.path("rack").asText(),
                    node.path("gpu_model").asText(),
                    node.path("gpu_count").asText(),
                    number(node.path("gpus_allocated")),
                    gpusOut(node),
                    size(node, "gpu_memory_mib"),
                    tasksOn(node),
                    node.path("state_since").asText(),
                    why(node));
        }
        return table;
    }

    /** Does not count tasks that the scheduler regards as over, although a lost node may still run them. */
    private static String tasksOn(JsonNode node) {
        int tasks = 0;
        for (JsonNode task : node.path("tasks")) {
            tasks += task.path("over").asBoolean() ? 0 : 1;
        }
        return Integer.toString(tasks);
    }

    private static String gpusOut(JsonNode node) {
        int out = node.path("gpus_out").size();
        return out == 0 ? "" : Integer.toString(out);
    }

    static Table users(List<JsonNode> users, boolean isWide) {
        return isWide ? wideUsers(users) : users(users);
    }

    private static Table users(List<JsonNode> users) {
        var table = new Table(
                Column.left("POOL"),
                Column.text("USER"),
                Column.right("RUNNING"),
                Column.right("GPUS"),
                Column.right("ENERGY"),
                Column.right("OF RUNNING"),
                Column.right("COMPLETED"),
                Column.right("FAILED"));
        for (JsonNode user : users) {
            table.row(
                    user.path("pool").asText(),
                    user.path("user").asText(),
                    user.path("running_tasks").asText(),
                    number(user.path("running_gpus")),
                    energy(user.path("energy_joules")),
                    estimate(user.path("running_energy_estimate_joules")),
                    user.at("/tasks/completed").asText(),
                    user.at("/tasks/failed").asText());
        }
        return table;
    }

    private static Table wideUsers(List<JsonNode> users) {
        var table = new Table(
                Column.left("POOL"),
                Column.text("USER"),
                Column.right("RUNNING"),
                Column.right("GPUS"),
                Column.right("ENERGY"),
                Column.right("OF RUNNING"),
                Column.right("ATTEMPTS"),
                Column.right("COMPLETED"),
                Column.right("FAILED"),
                Column.right("CANCELLED"),
                Column.right("REJECTED"));
        for (JsonNode user : users) {
            table.row(
                    user.path("pool").asText(),
                    user.path("user").asText(),
                    user.path("running_tasks").asText(),
                    number(user.path("running_gpus")),
                    energy(user.path("energy_joules")),
                    estimate(user.path("running_energy_estimate_joules")),
                    user.path("attempts").asText(),
                    user.at("/tasks/completed").asText(),
                    user.at("/tasks/failed").asText(),
                    user.at("/tasks/cancelled").asText(),
                    user.at("/tasks/rejected").asText());
        }
        return table;
    }

    /**
     * Returns energy for people: 24.0 kJ, or 1.250 kWh from one kilowatt-hour on; empty if the API does not report it.
     */
    static String energy(JsonNode joules) {
        double given = joules.asDouble();
        if (!joules.isNumber()) {
            return "";
        }
        return given < JOULES_PER_KWH
                ? "%.1f kJ".formatted(given / 1_000)
                : "%.3f kWh".formatted(given / JOULES_PER_KWH);
    }

    /** Returns an estimate of energy: ~24.0 kJ; empty for zero. */
    static String estimate(JsonNode joules) {
        return joules.asDouble() == 0 ? "" : "~" + energy(joules);
    }

    /**
     * Returns the health in one word. An older API reports only the state. A node that was shut down is shown as down,
     * not lost, and a draining node without tasks is shown as drained.
     */
    static String health(JsonNode node) {
        String state = node.path("state").asText();
        String health = node.path("health").asText();
        if (health.equals("draining") && node.at("/cordon/drained").asBoolean()) {
            return "drained";
        }
        return state.equals("down") ? state : node.path("health").asText(state);
    }

    /** Returns why a node is not healthy. An older API gives reasons only for broken GPUs and cordons. */
    static String why(JsonNode node) {
        if (node.has("reason")) {
            return node.path("reason").asText();
        }
        String cordon = node.at("/cordon/detail").asText();
        return cordon.isEmpty() ? node.at("/gpus_out/0/detail").asText() : cordon;
    }

    /** Returns a number with at most three decimals, without trailing zeros. */
    static String number(JsonNode value) {
        if (!value.isNumber() || value.isIntegralNumber()) {
            return value.asText();
        }
        return value.decimalValue()
                .setScale(3, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Returns a size in MiB, formatted for people; empty for none. */
    static String size(JsonNode json, String field) {
        long mib = json.path(field).asLong();
        return mib == 0 ? "" : Sizes.human(mib);
    }
}
