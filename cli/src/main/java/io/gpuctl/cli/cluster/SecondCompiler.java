package io.gpuctl.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
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
 * <p>So its threads get the scheduling policy {@code SCHED_IDLE} of Linux: they run only on processors that nothing
 * else needs. No privilege is needed for this. Threads that the JVM creates later are not changed: use
 * {@code -XX:-UseDynamicNumberOfCompilerThreads}.
 */
public final class SecondCompiler {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NAME_PREFIX = "C2 ";
    /** As in {@code linux/sched.h}. */
    private static final int SCHED_IDLE = 5;

    private SecondCompiler() {}

    /**
     * Lets the compiler run in idle time only.
     *
     * @return whether it does now; false if this JVM does not have this compiler, or the system does not allow it
     */
    @SuppressWarnings("restricted") // The launcher allows calls of native code, which RocksDB needs too.
    public static boolean useIdleTime() {
        SymbolLookup libc = Linker.nativeLinker().defaultLookup();
        if (!Files.isDirectory(THREADS) || libc.find("sched_setscheduler").isEmpty()) {
            return false;
        }
        MethodHandle setScheduler = Linker.nativeLinker()
                .downcallHandle(
                        libc.findOrThrow("sched_setscheduler"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        List<Integer> threads = threads();
        boolean isSet = !threads.isEmpty();
        try (var arena = Arena.ofConfined()) {
            // struct sched_param has one field, the priority, which must be 0 for this policy.
            MemorySegment priority = arena.allocateFrom(ValueLayout.JAVA_INT, 0);
            for (int thread : threads) {
                isSet &= (int) setScheduler.invokeExact(thread, SCHED_IDLE, priority) == 0;
            }
        } catch (Throwable e) { // The handle declares it, but C throws nothing.
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
