package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/** Prints a last message when Kafka halts the process because its broker cannot go on; the halt cannot be prevented. */
final class BrokerHalt {

    private BrokerHalt() {}

    /** Explains the halt of this process's broker, which keeps its records in the directory. */
    static void explain(Path dataDirectory, PrintWriter err) {
        Exit.setHaltProcedure((status, reason) -> {
            err.println("gpuctl: " + lastWords(dataDirectory, reason));
            err.flush();
            Runtime.getRuntime().halt(status);
        });
    }

    static String lastWords(Path dataDirectory, @Nullable String reason) {
        return DiskSpace.shortage(dataDirectory)
                .map(CommandFailedException::getMessage)
                .orElseGet(() ->
                        "The broker in %s has stopped%s. Check the disk and restart: all acknowledged data is kept."
                                .formatted(dataDirectory, reason == null ? "" : ": " + reason));
    }
}
