package io.gpuctl.cli.cluster;

import io.gpuctl.cli.CommandFailedException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/** What is said last when Kafka ends the process, which it does where its broker cannot go on: nothing can stop it. */
final class BrokerHalt {

    private BrokerHalt() {}

    /** For the broker of this process that keeps its records there. */
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
                        "The broker in %s cannot go on%s. Is the disk as it should be? Start again: all that was acknowledged is kept."
                                .formatted(dataDirectory, reason == null ? "" : ": " + reason));
    }
}
