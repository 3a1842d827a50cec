package io.gpuctl.audit.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * The records of several topics, merged by timestamp; the records of each partition keep their order, whatever their
 * timestamps are. With equal timestamps, the topic that was named first comes first, then the lower partition. Holds a
 * file open for each partition with records until closed.
 */
public final class MergedRecords implements Iterator<PlacedRecord>, AutoCloseable {
    private final List<PartitionRecords> opened = new ArrayList<>();
    private final PriorityQueue<Head> heads = new PriorityQueue<>(
            Comparator.<Head>comparingLong(head -> head.record.raw().timestampMs())
                    .thenComparingInt(Head::rank));

    /** The next record of one partition; {@code rank} is the partition's place in the order of naming. */
    private record Head(PlacedRecord record, int rank, PartitionRecords rest) {}

    MergedRecords(Path directory, List<TopicFiles> topics) {
        try {
            for (TopicFiles topic : topics) {
                for (PartitionFile partition : topic.partitions()) {
                    PartitionRecords records = new PartitionRecords(directory, topic.name(), partition);
                    opened.add(records);
                    advance(records, opened.size());
                }
            }
        } catch (EventLogException e) {
            close();
            throw e;
        }
    }

    private void advance(PartitionRecords records, int rank) {
        if (records.hasNext()) {
            heads.add(new Head(records.next(), rank, records));
        } else {
            records.close();
        }
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public PlacedRecord next() {
        Head head = heads.poll();
        if (head == null) {
            throw new NoSuchElementException();
        }
        advance(head.rest, head.rank);
        return head.record;
    }

    @Override
    public void close() {
        opened.forEach(PartitionRecords::close);
    }
}
