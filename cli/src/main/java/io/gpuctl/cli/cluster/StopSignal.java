package io.gpuctl.cli.cluster;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Handles Ctrl-C and SIGTERM. The first signal requests an orderly stop; the JVM's shutdown hooks cannot stop services
 * in order, because they all run at once. The second signal ends the process at once.
 */
public final class StopSignal {

    /** The code that a shell reports for a process that Ctrl-C ended. */
    private static final int EXIT_CODE_INTERRUPTED = 130;

    private final CountDownLatch received = new CountDownLatch(1);

    private StopSignal() {}

    /** Handles signals from now on. */
    public static StopSignal install() {
        var stop = new StopSignal();
        try {
            stop.handle("INT");
            stop.handle("TERM");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("sun.misc.Signal, which the JDK promises to keep, is not as it was", e);
        }
        return stop;
    }

    /** Uses reflection, because direct use of {@code sun.misc.Signal} causes a warning that cannot be suppressed. */
    private void handle(String signal) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object handler =
                Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, (_, method, _) -> {
                    if (method.getName().equals("handle")) {
                        receive();
                    }
                    return null;
                });
        signalType
                .getMethod("handle", signalType, handlerType)
                .invoke(null, signalType.getConstructor(String.class).newInstance(signal), handler);
    }

    private void receive() {
        if (received.getCount() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE_INTERRUPTED);
        }
        received.countDown();
    }

    public boolean isReceived() {
        return received.getCount() == 0;
    }

    /** Returns true as soon as a signal is received, or false after the timeout. */
    boolean await(Duration timeout) throws InterruptedException {
        return received.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
