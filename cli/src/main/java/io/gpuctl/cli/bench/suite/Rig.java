package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.chaos.cluster.ChaosCluster;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.cluster.Directories;
import io.gpuctl.cli.chaos.cluster.Program;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * What measurements need: processes, and directories for their data. When this process ends, on Ctrl-C too, the others
 * are killed and the data deleted.
 */
final class Rig implements AutoCloseable {
    private final Path directory;
    private final Settings settings;
    private final boolean keepsData;
    private final PrintWriter out;
    private final ChaosCluster processes;
    private final Thread endWithRunner = new Thread(this::end, "gpuctl-bench-cleanup");
    private volatile boolean hasEnded;
    private int count;

    /** {@code directory}: for the data and the outputs of the processes; what an earlier run left is deleted. */
    Rig(Path directory, Settings settings, boolean keepsData, PrintWriter out) {
        this.directory = directory;
        this.settings = settings;
        this.keepsData = keepsData;
        this.out = out;
        Directories.delete(directory);
        processes = ChaosCluster.empty(Program.current(), directory);
        Runtime.getRuntime().addShutdownHook(endWithRunner);
    }

    /** Returns whether the processes were ended, at the end or by Ctrl-C. Measurements fail then. */
    boolean hasEnded() {
        return hasEnded;
    }

    Settings settings() {
        return settings;
    }

    void say(String line) {
        out.println("    " + line);
        out.flush();
    }

    /** Starts {@code gpuctl up} on a new directory, and returns when the cluster is ready. */
    UpCluster up() throws InterruptedException {
        int port = processes.freePort();
        Path data = newDirectory("up");
        List<String> arguments = List.of(
                "up",
                "--nodes",
                Integer.toString(settings.nodes()),
                "--port",
                Integer.toString(port),
                "--data",
                data.toString());
        return UpCluster.start(processes.prepareShipped(data.getFileName().toString(), arguments), port, data);
    }

    /** Returns a {@code gpuctl} command as a user starts it, which is not started yet. */
    ChildProcess gpuctl(String name, List<String> arguments) {
        count++;
        return processes.prepareShipped(name + "-" + count, arguments);
    }

    /** Returns a command of another program, which is not started yet. */
    ChildProcess other(String name, List<String> command) {
        count++;
        return processes.prepareOther(name + "-" + count, command);
    }

    /** Returns a directory that does not exist yet. */
    Path newDirectory(String name) {
        count++;
        return directory.resolve(name + "-" + count);
    }

    private synchronized void end() {
        hasEnded = true;
        processes.close();
        if (!keepsData) {
            Directories.delete(directory);
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithRunner);
        } catch (IllegalStateException e) {
            return; // The runner is exiting: the shutdown hook does the same.
        }
    }
}
