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
 * A consistent cut through partitions that are written in common transactions: the end of each partition between two
 * transactions, and the contents of changelogs at these ends. All ends belong to the same commit, even while the
 * partitions are being written.
 *
 * <p>The ends of several partitions cannot be read at one moment, because the end of a transaction reaches each
 * partition separately. So the ends are read twice, and the transaction coordinator is asked in between. Suppose a
 * transaction had ended in only some of the partitions at the first read. By the second read, it has either ended in
 * all of them, so that the ends differ, or the coordinator reports it as still ending. If neither is the case, the cut
 * splits no transaction.
 *
 * <p>The second read also shows that the changelogs were read to their very end, which {@link ChangelogReader} needs.
 */
public final class CommitCut {
    /**
     * Commits are 20 ms apart or more, and three answers of a broker take a few ms: a cut takes a handful of tries at
     * most.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<TopicPartition, Long> ends;
    private final ChangelogReader changelogs;

    private CommitCut(Map<TopicPartition, Long> ends, ChangelogReader changelogs) {
        this.ends = ends;
        this.changelogs = changelogs;
    }

    /**
     * Finds a cut; empty if the partitions are written so often that no cut is found within half a minute.
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
            reader.readTo(ends); // The first read may take long; later ones are short.
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

    /** Finds a cut as {@link #find} does; the command fails if there is none. */
    public static CommitCut require(
            TopicEnds topics,
            Collection<TopicPartition> plain,
            Collection<TopicPartition> changelogs,
            Progress progress) {
        return find(topics, plain, changelogs, progress)
                .orElseThrow(() -> new CommandFailedException(
                        "%s and %s are written continuously: no moment between two transactions was found within %d s. Try again with less load."
                                .formatted(plain, changelogs, PATIENCE.toSeconds())));
    }

    /** Returns the end of each partition, exclusive. */
    public Map<TopicPartition, Long> ends() {
        return ends;
    }

    /** Returns the newest record of each key of a changelog in the order of offsets, without deleted keys. */
    public List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> newest(TopicPartition changelog) {
        return changelogs.newest(changelog);
    }
}
