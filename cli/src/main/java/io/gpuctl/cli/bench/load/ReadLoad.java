package io.gpuctl.cli.bench.load;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads one address as fast as a number of connections can: each sends its next request after the answer. */
public final class ReadLoad implements AutoCloseable {
    private static final int OK = 200;

    private final HttpLoad http;
    private final int connections;

    /**
     * The measurement.
     *
     * @param failures answers other than 200, and requests without an answer
     * @param cpuMillisARequest CPU of the load generator's process
     */
    public record Result(double answersPerSecond, int failures, double cpuMillisARequest) {}

    public ReadLoad(URI server, int connections) {
        http = new HttpLoad(server, connections);
        this.connections = connections;
    }

    public Result run(String path, Duration duration) throws InterruptedException {
        Duration cpuBefore = Cpu.ofThisProcess();
        long startNanos = System.nanoTime();
        var lanes = new CountDownLatch(connections);
        var run = new Run(http.prepare(HttpMethod.GET, path, ""), startNanos + duration.toNanos(), lanes);
        for (int i = 0; i < connections; i++) {
            http.send(run.request, NOTHING, run);
        }
        boolean _ = lanes.await(duration.plus(HttpLoad.PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Duration cpu = Cpu.ofThisProcess().minus(cpuBefore);
        int answers = run.answers.get();
        return new Result(answers / seconds, run.failures.get(), Cpu.millisEach(cpu, answers));
    }

    private static final Buffer NOTHING = Buffer.buffer();

    private final class Run implements HttpLoad.Outcome {
        private final RequestOptions request;
        private final long endNanos;
        private final CountDownLatch lanes;
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        Run(RequestOptions request, long endNanos, CountDownLatch lanes) {
            this.request = request;
            this.endNanos = endNanos;
            this.lanes = lanes;
        }

        @Override
        public void answered(int status, Buffer body) {
            answers.incrementAndGet();
            if (status != OK) {
                failures.incrementAndGet();
            }
            next();
        }

        @Override
        public void failed(Throwable failure) {
            failures.incrementAndGet();
            next();
        }

        private void next() {
            if (System.nanoTime() < endNanos) {
                http.send(request, NOTHING, this);
            } else {
                lanes.countDown();
            }
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
