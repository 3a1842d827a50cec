package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.check.CheckFailedException;
import io.gpuctl.cli.chaos.check.CheckReport;
import io.gpuctl.cli.chaos.check.LogCheck;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Ledger;
import io.gpuctl.cli.chaos.client.LedgerCheck;
import io.gpuctl.cli.chaos.cluster.ChaosCluster;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.cluster.Waiting;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The end of a campaign: waits until every task has ended, then lets four judges look who share no code, and compares. */
final class Ending {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(5);
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(10);
    private static final int TOOL_HEAP_MIB = 1024;
    private static final int SHOWN_MAX = 10;
    private static final int LENGTH_MAX = 500;
    private static final Set<String> FINAL = Set.of("completed", "failed", "cancelled", "rejected");

    private final ChaosCluster cluster;
    private final List<ApiClient> apis;
    private final Ledger ledger;
    private final Consumer<String> log;
    private final List<String> broken = new ArrayList<>();
    private final List<String> account = new ArrayList<>();

    Ending(ChaosCluster cluster, List<ApiClient> apis, Ledger ledger, Consumer<String> log) {
        this.cluster = cluster;
        this.apis = apis;
        this.ledger = ledger;
        this.log = log;
    }

    Verdict run() {
        log.accept("waiting until every task has ended");
        apis.forEach(api -> Waiting.until(
                "every task that %s shows has ended".formatted(api.address()), DRAIN_LIMIT, () -> hasEnded(api)));
        account.add("%d requests: %s".formatted(ledger.requests(), ledger.answers()));
        log.accept("independent check, and the ledger");
        checkLog();
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

    private static boolean hasEnded(ApiClient api) {
        Map<String, Integer> counts = api.taskCounts();
        return !counts.isEmpty()
                && counts.entrySet().stream()
                        .allMatch(state -> FINAL.contains(state.getKey()) || state.getValue() == 0);
    }

    private void checkLog() {
        try {
            CheckReport report = LogCheck.run(cluster.kafka().clientSettings());
            account.add(CheckText.of(report));
            add(
                    "independent check",
                    report.findings().kept().stream().map(Object::toString).toList());
            add("ledger", LedgerCheck.run(ledger, report, apis.getFirst().tasks()));
            account.add("%d acknowledged submissions in the ledger".formatted(ledger.acknowledged()));
        } catch (CheckFailedException | UncheckedIOException e) {
            broken.add("independent check: " + e.getMessage());
        }
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

    private void add(String judge, List<String> findings) {
        findings.stream()
                .limit(SHOWN_MAX)
                .map(finding -> finding.length() <= LENGTH_MAX ? finding : finding.substring(0, LENGTH_MAX) + "...")
                .forEach(finding -> broken.add(judge + ": " + finding));
        if (findings.size() > SHOWN_MAX) {
            broken.add("%s: and %d more".formatted(judge, findings.size() - SHOWN_MAX));
        }
    }
}
