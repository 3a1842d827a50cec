import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * An Ethernet switch in a process: it has one TAP device for each host, delays each frame, and drops some. It works
 * like {@code tc netem}, but on any Linux kernel, and can also cut off a host at a given moment.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED Switch.java DELAY_MS LOSS SEED DEVICE...</pre>
 *
 * Prints {@code ready} when the devices exist. Then reads commands from stdin, one per line: {@code cut DEVICE}, {@code
 * join DEVICE}, and {@code count}, which prints the numbers of forwarded and dropped frames. The devices are removed
 * when the process ends.
 */
public final class Switch {
    private static final int FRAME_MAX = 65_536;
    /** The queue of a device whose host does not read. Further frames are dropped, as in a real switch. */
    private static final int QUEUE_MAX = 10_000;
    private static final int TUNSETIFF = 0x400454ca;
    private static final short IFF_TAP_NO_PI = 0x1002;
    private static final int O_RDWR = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final FunctionDescriptor READ_OR_WRITE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle READ =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("read"), READ_OR_WRITE);
    private static final MethodHandle WRITE =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("write"), READ_OR_WRITE);

    private record Frame(byte[] bytes, long dueNanos) {}

    private final long delayNanos;
    private final double loss;
    private final List<Port> ports = new ArrayList<>();
    private final Map<Long, Port> portsByAddress = new ConcurrentHashMap<>();
    private final LongAdder forwarded = new LongAdder();
    private final LongAdder lost = new LongAdder();

    private Switch(double delayMs, double loss) {
        this.delayNanos = (long) (delayMs * 1e6);
        this.loss = loss;
    }

    /** A device, with a thread that reads from it and one that writes to it. */
    private final class Port {
        private final String device;
        private final int file;
        private final SplittableRandom random;
        private final LinkedBlockingQueue<Frame> outgoing = new LinkedBlockingQueue<>(QUEUE_MAX);
        private volatile boolean isCut;

        Port(String device, SplittableRandom random) throws Throwable {
            this.device = device;
            this.random = random;
            try (Arena arena = Arena.ofConfined()) {
                file = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR);
                MemorySegment request = arena.allocate(40);
                request.setString(0, device);
                request.set(ValueLayout.JAVA_SHORT, 16, IFF_TAP_NO_PI);
                if (file < 0 || (int) IOCTL.invokeExact(file, (long) TUNSETIFF, request) < 0) {
                    throw new IOException("The device %s cannot be made: is this root, and is there /dev/net/tun?"
                            .formatted(device));
                }
            }
        }

        void start() {
            Thread.ofPlatform().daemon().name(device + "-in").start(() -> loop(this::readOne));
            Thread.ofPlatform().daemon().name(device + "-out").start(() -> loop(this::writeOne));
        }

        private void readOne(MemorySegment buffer) throws Throwable {
            long length = (long) READ.invokeExact(file, buffer, (long) FRAME_MAX);
            if (length < 14) {
                LockSupport.parkNanos(1_000_000); // The device is down.
                return;
            }
            byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            portsByAddress.put(address(bytes, 6), this);
            Port target = portsByAddress.get(address(bytes, 0));
            boolean isForAll = (bytes[0] & 1) != 0 || target == null;
            for (Port port : isForAll ? ports : List.of(target)) {
                if (port != this) {
                    forward(bytes, port);
                }
            }
        }

        private void forward(byte[] bytes, Port target) {
            if (isCut || target.isCut || random.nextDouble() < loss) {
                lost.increment();
            } else if (target.outgoing.offer(new Frame(bytes, System.nanoTime() + delayNanos))) {
                forwarded.increment();
            } else {
                lost.increment();
            }
        }

        private void writeOne(MemorySegment buffer) throws Throwable {
            Frame frame = outgoing.take();
            for (long wait = frame.dueNanos() - System.nanoTime(); wait > 0; wait = frame.dueNanos() - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            MemorySegment.copy(frame.bytes(), 0, buffer, ValueLayout.JAVA_BYTE, 0, frame.bytes().length);
            long _ = (long) WRITE.invokeExact(file, buffer, (long) frame.bytes().length);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run(MemorySegment buffer) throws Throwable;
    }

    private static void loop(Step step) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(FRAME_MAX);
            while (true) {
                step.run(buffer);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns six bytes of a frame, an Ethernet address, as a number. */
    private static long address(byte[] bytes, int from) {
        long address = 0;
        for (int i = from; i < from + 6; i++) {
            address = address << 8 | bytes[i] & 0xff;
        }
        return address;
    }

    private void run() throws IOException {
        ports.forEach(Port::start);
        System.out.println("ready");
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("count")) {
                System.out.println("%d frames forwarded, %d lost".formatted(forwarded.sum(), lost.sum()));
            }
            for (Port port : ports) {
                if (words.length == 2 && words[1].equals(port.device)) {
                    port.isCut = words[0].equals("cut");
                }
            }
        }
    }

    public static void main(String[] arguments) throws Throwable {
        var lan = new Switch(Double.parseDouble(arguments[0]), Double.parseDouble(arguments[1]));
        var random = new SplittableRandom(Long.parseLong(arguments[2]));
        for (String device : List.of(arguments).subList(3, arguments.length)) {
            lan.ports.add(lan.new Port(device, random.split()));
        }
        lan.run();
    }
}
