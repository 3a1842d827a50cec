package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Ledger;
import io.gpuctl.cli.chaos.cluster.ChaosCluster;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The end of a campaign: waits until every task has ended, then compares the results of four checks that share no code.
 */
final class Ending {
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(10);
    private static final int TOOL_HEAP_MIB = 1024;

    private final ChaosCluster cluster;
    private final LogVerdict verdict;
    private final Consumer<String> log;
    private final List<String> broken = new ArrayList<>();
    private final List<String> account = new ArrayList<>();

    Ending(ChaosCluster cluster, List<ApiClient> apis, Ledger ledger, Consumer<String> log) {
        this.cluster = cluster;
        verdict = new LogVerdict(apis, ledger);
        this.log = log;
    }

    Verdict run() {
        log.accept("waiting until every task has ended");
        verdict.awaitEnds();
        log.accept("running the independent check, and checking the ledger");
        verdict.judge(cluster.kafka(), broken, account);
        tool("verify", with(List.of("verify"), cluster.kafka().arguments()));
        String export = cluster.directory().resolve("export").toString();
        tool("export", with(with(List.of("log", "export"), cluster.kafka().arguments()), List.of("-o", export)));
        tool("replay", List.of("replay", export));
        cluster.throwIfEnded();
        return new Verdict(List.copyOf(broken), List.copyOf(account));
    }

    private static List<String> with(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private void tool(String name, List<String> arguments) {
        log.accept("gpuctl " + String.join(" ", arguments));
        ChildProcess tool = cluster.run(name, TOOL_HEAP_MIB, TOOL_LIMIT, arguments);
        List<String> lines = tool.output().lines().toList();
        account.add(name + ": " + (lines.isEmpty() ? "" : lines.getLast()));
        if (tool.awaitExit(TOOL_LIMIT) != 0) {
            broken.add("%s: %n    %s".formatted(name, tool.tail()));
        }
    }
}
