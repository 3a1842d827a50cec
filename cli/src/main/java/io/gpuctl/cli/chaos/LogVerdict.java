package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.check.CheckFailedException;
import io.gpuctl.cli.chaos.check.CheckReport;
import io.gpuctl.cli.chaos.check.LogCheck;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Ledger;
import io.gpuctl.cli.chaos.client.LedgerCheck;
import io.gpuctl.cli.chaos.cluster.KafkaAccess;
import io.gpuctl.cli.chaos.cluster.Waiting;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the log of a cluster and its APIs with the ledger of a load that has stopped. */
final class LogVerdict {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(5);
    private static final int SHOWN_MAX = 10;
    private static final int LENGTH_MAX = 500;
    private static final Set<String> FINAL = Set.of("completed", "failed", "cancelled", "rejected");

    private final List<ApiClient> apis;
    private final Ledger ledger;

    LogVerdict(List<ApiClient> apis, Ledger ledger) {
        this.apis = apis;
        this.ledger = ledger;
    }

    /** Waits until every task has ended. Throws {@link io.gpuctl.cli.chaos.cluster.ChaosException} on a timeout. */
    void awaitEnds() {
        apis.forEach(api -> Waiting.until(
                "every task that %s shows has ended".formatted(api.address()), DRAIN_LIMIT, () -> hasEnded(api)));
    }

    private static boolean hasEnded(ApiClient api) {
        Map<String, Integer> counts = api.taskCounts();
        return !counts.isEmpty()
                && counts.entrySet().stream()
                        .allMatch(state -> FINAL.contains(state.getKey()) || state.getValue() == 0);
    }

    /** Adds violations to {@code broken}, and totals to {@code account}. */
    void judge(KafkaAccess kafka, List<String> broken, List<String> account) {
        account.add("%d requests: %s".formatted(ledger.requests(), ledger.answers()));
        account.add("users saw: %s".formatted(ledger.timeline().ofAll()));
        try {
            CheckReport report = LogCheck.run(kafka.clientSettings());
            account.add(CheckText.of(report));
            add(
                    broken,
                    "independent check",
                    report.findings().kept().stream().map(Object::toString).toList());
            add(
                    broken,
                    "ledger",
                    LedgerCheck.run(ledger, report, apis.getFirst().tasks()));
            account.add("%d acknowledged submissions in the ledger".formatted(ledger.acknowledged()));
        } catch (CheckFailedException | UncheckedIOException e) {
            broken.add("independent check: " + e.getMessage());
        }
    }

    private static void add(List<String> broken, String judge, List<String> findings) {
        findings.stream()
                .limit(SHOWN_MAX)
                .map(finding -> finding.length() <= LENGTH_MAX ? finding : finding.substring(0, LENGTH_MAX) + "...")
                .forEach(finding -> broken.add(judge + ": " + finding));
        if (findings.size() > SHOWN_MAX) {
            broken.add("%s: and %d more".formatted(judge, findings.size() - SHOWN_MAX));
        }
    }
}
