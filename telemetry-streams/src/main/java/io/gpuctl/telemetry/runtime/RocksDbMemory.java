package io.gpuctl.telemetry.runtime;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Limits the off-heap memory of all stores of the process to {@link #TOTAL_BYTES}, for blocks read and for writes not
 * yet on disk. By default, each of a dozen stores may take 50 MiB and 48 MiB. Also has deleted keys removed early where
 * listings would have to skip them. Kafka creates this class by name.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {
    static final long TOTAL_BYTES = 64L << 20;

    private static final long WRITES_BYTES = 24L << 20;
    private static final long WRITE_BUFFER_BYTES = 4L << 20;

    /**
     * All files of the index are merged when the newer ones have a quarter of the oldest one's size. So it has few
     * deleted keys, for one more write of its 14 MB every 25,000 tasks.
     */
    private static final int INDEX_NEWER_PERCENT = 25;

    /** Two shards: few threads need few locks. */
    private static final int SHARD_BITS = 1;

    /** The cache and the write buffers, shared by all stores until the process ends. */
    private static final class Shared {
        static final Cache CACHE;
        static final WriteBufferManager WRITES;
        static final CompactionOptionsUniversal INDEX;

        static {
            RocksDB.loadLibrary();
            CACHE = new LRUCache(TOTAL_BYTES, SHARD_BITS);
            WRITES = new WriteBufferManager(WRITES_BYTES, CACHE);
            INDEX = new CompactionOptionsUniversal().setMaxSizeAmplificationPercent(INDEX_NEWER_PERCENT);
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(Shared.CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(Shared.WRITES);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
        options.setMaxOpenFiles(64);
        if (storeName.equals(ViewStores.TASK_INDEX)) {
            // The keys of forgotten tasks are together, at the beginning of each listing, which has to skip them.
            options.setCompactionOptionsUniversal(Shared.INDEX);
        }
    }

    /** Closes nothing: what stores share outlives them. */
    @Override
    public void close(String storeName, Options options) {}
}
