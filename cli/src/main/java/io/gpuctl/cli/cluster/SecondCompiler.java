package io.gpuctl.cli.cluster;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The second of HotSpot's two compilers, C2, whose code needs a fraction of the CPU of the first one's. In the first
 * minutes of a cluster it would occupy a processor, and a cluster on two processors could not keep up.
 *
 * <p>So its threads get a higher niceness than the others: where all processors are busy, it gets about a tenth of one.
 * No privilege is needed for this. Threads that the JVM creates later are not changed: use
 * {@code -XX:-UseDynamicNumberOfCompilerThreads}.
 */
public final class SecondCompiler {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NAME_PREFIX = "C2 ";
    /** By how much its niceness is higher: Linux gives a tenth of the weight to a thread with 10 more. */
    private static final int MORE_NICENESS = 10;

    private static final int MAX_NICENESS = 19;
    /** As in {@code sys/resource.h}: the priority of one thread, on Linux. */
    private static final int PRIO_PROCESS = 0;

    private SecondCompiler() {}

    /**
     * Lets the compiler give way to all other threads.
     *
     * @return whether it does now; false if this JVM does not have this compiler, or the system does not allow it
     */
    @SuppressWarnings("restricted") // The launcher allows calls of native code, which RocksDB needs too.
    public static boolean giveWay() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup libc = linker.defaultLookup();
        if (!Files.isDirectory(THREADS)
                || libc.find("getpriority").isEmpty()
                || libc.find("setpriority").isEmpty()) {
            return false;
        }
        MethodHandle niceness = linker.downcallHandle(
                libc.findOrThrow("getpriority"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        MethodHandle setNiceness = linker.downcallHandle(
                libc.findOrThrow("setpriority"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        List<Integer> threads = threads();
        boolean isSet = !threads.isEmpty();
        try {
            for (int thread : threads) {
                int before = (int) niceness.invokeExact(PRIO_PROCESS, thread);
                isSet &= (int) setNiceness.invokeExact(
                                PRIO_PROCESS, thread, Math.min(MAX_NICENESS, before + MORE_NICENESS))
                        == 0;
            }
        } catch (Throwable e) { // The handles declare it, but C throws nothing.
            throw new IllegalStateException(e);
        }
        return isSet;
    }

    private static List<Integer> threads() {
        List<Integer> threads = new ArrayList<>();
        try (Stream<Path> all = Files.list(THREADS)) {
            for (Path thread : all.toList()) {
                if (name(thread).startsWith(NAME_PREFIX)) {
                    threads.add(Integer.valueOf(thread.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return threads;
    }

    /** Returns the name of a thread; an empty text if it has ended. */
    private static String name(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException e) {
            if (Files.exists(thread)) {
                throw e;
            }
            return "";
        }
    }
}
