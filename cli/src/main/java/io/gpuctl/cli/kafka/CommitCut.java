package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where partitions that are written in common transactions end at a moment between two of these, and what their
 * changelogs hold then. All of them are as of the same commit, whatever is written meanwhile.
 *
 * <p>The ends of several partitions are not one moment: a transaction's end reaches each on its own. So the ends are
 * looked at twice, and in between the transactions' coordinator is asked. A transaction that had ended in some of the
 * partitions at the first look has either ended in all of them by then, which the second look shows; or its coordinator
 * says that it is still being ended. If neither is so, no transaction is half in the cut.
 *
 * <p>The second look shows too that the changelogs were read to their very end, which {@link ChangelogReader} needs.
 */
public final class CommitCut {
    /** Commits are 20 ms apart or more, and three answers of a broker take a few: a handful of tries at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<TopicPartition, Long> ends;
    private final ChangelogReader changelogs;

    private CommitCut(Map<TopicPartition, Long> ends, ChangelogReader changelogs) {
        this.ends = ends;
        this.changelogs = changelogs;
    }

    /**
     * Finds a cut; empty if the partitions were being written so densely that there was none for half a minute.
     *
     * @param plain partitions that end at the same moment, and are not read here
     * @param changelogs partitions that are read, from their beginning
     */
    public static Optional<CommitCut> find(
            TopicEnds topics,
            Collection<TopicPartition> plain,
            Collection<TopicPartition> changelogs,
            Progress progress) {
        Set<TopicPartition> all = new LinkedHashSet<>(plain);
        all.addAll(changelogs);
        try (ChangelogReader reader = new ChangelogReader(topics.kafka(), changelogs, progress)) {
            Map<TopicPartition, Long> ends = topics.settledEnds(all);
            reader.readTo(ends); // Takes as long as it takes; what was written meanwhile is soon read.
            long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < giveUpAtNanos) {
                ends = topics.committedEnds(all);
                reader.readTo(ends);
                if (!topics.isAnyTransactionEnding(all)
                        && topics.committedEnds(all).equals(ends)) {
                    return Optional.of(new CommitCut(ends, reader));
                }
            }
            return Optional.empty();
        }
    }

    /** As {@link #find}; without a cut the command fails. */
    public static CommitCut require(
            TopicEnds topics,
            Collection<TopicPartition> plain,
            Collection<TopicPartition> changelogs,
            Progress progress) {
        return find(topics, plain, changelogs, progress)
                .orElseThrow(() -> new CommandFailedException(
                        "%s and %s are written all the time: no moment between two transactions was found within %d s. Try again with less load."
                                .formatted(plain, changelogs, PATIENCE.toSeconds())));
    }

    /** Where each partition ends, without the record there. */
    public Map<TopicPartition, Long> ends() {
        return ends;
    }

    /** Of a changelog: the newest record of each key, unless that deletes it, by offset. */
    public List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> newest(TopicPartition changelog) {
        return changelogs.newest(changelog);
    }
}
