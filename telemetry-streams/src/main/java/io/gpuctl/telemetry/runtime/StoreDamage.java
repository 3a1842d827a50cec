package io.gpuctl.telemetry.runtime;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles damaged store files. Stores are a cache of the changelogs, so they are removed and rebuilt. */
final class StoreDamage {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDamage.class);

    private StoreDamage() {}

    static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProcessorStateException || cause instanceof RocksDBException) {
                return true;
            }
        }
        return false;
    }

    /** Returns the innermost reason, which names the file, in one line. */
    static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }

    /** Removes the stores of an app that is not running. */
    static void wipe(Path applicationDirectory, String reason) {
        LOG.warn(
                "Rebuilding the views' stores in {} from their changelogs, because they are damaged: {}",
                applicationDirectory,
                reason);
        try {
            LocalState.removeStores(applicationDirectory);
        } catch (IOException e) {
            throw new ProcessorStateException("The stores in %s cannot be removed".formatted(applicationDirectory), e);
        }
    }
}
