package io.gpuctl.api.connections;

import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemJson;
import io.gpuctl.api.problem.ProblemType;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * A client's connection and its phase. It is the first handler in the pipeline, so it sees the first byte of a request;
 * an {@link ExchangeObserver} behind the HTTP codec reports where requests and answers end.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** What the connection waits for. */
    enum Phase {
        /** No request has begun. */
        IDLE,
        /** A request has begun and is not complete. */
        REQUEST,
        /** The request is complete, but its answer is not. */
        ANSWER
    }

    /** Why the service ended a connection. */
    enum EndReason {
        IDLE,
        SLOW_REQUEST,
        UNREAD_ANSWER,
        ROOM_FOR_ANOTHER
    }

    private static final String HTTP_ENCODER = "httpEncoder";
    private static final String TIMEOUT_BODY =
            ProblemJson.text(Problem.of(ProblemType.REQUEST_TIMEOUT, "The rest of the request did not arrive in time"));
    private static final byte[] TIMEOUT_ANSWER = ("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n"
                    + "content-type: " + Problem.MEDIA_TYPE + "\r\ncontent-length: " + TIMEOUT_BODY.length()
                    + "\r\n\r\n" + TIMEOUT_BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private final Channel channel;
    private final ClientAddress address;
    private final LongSupplier nanoTime;
    private volatile Phase phase = Phase.IDLE;
    private volatile long phaseSinceNanos;

    // Used by the event loop only.
    private boolean observed;
    private int unanswered;
    private boolean answerBegun;

    // Used only by the periodic check of all connections.
    private long unreadBytes;
    private long unreadSinceNanos;

    Connection(Channel channel, ClientAddress address, LongSupplier nanoTime) {
        this.channel = channel;
        this.address = address;
        this.nanoTime = nanoTime;
        phaseSinceNanos = nanoTime.getAsLong();
    }

    ClientAddress address() {
        return address;
    }

    Phase phase() {
        return phase;
    }

    /** Returns whether the connection waits for its client, and can be ended: without an event loop it cannot. */
    boolean waitsForClient() {
        return phase != Phase.ANSWER && channel.isRegistered();
    }

    long phaseSinceNanos() {
        return phaseSinceNanos;
    }

    private void enter(Phase next) {
        phase = next;
        phaseSinceNanos = nanoTime.getAsLong();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (!observed) {
            // By now, Vert.x has built its pipeline.
            observed = true;
            if (context.pipeline().get(HTTP_ENCODER) != null) {
                context.pipeline().addAfter(HTTP_ENCODER, "exchangeObserver", new ExchangeObserver(this));
            }
        }
        if (phase == Phase.IDLE) {
            enter(Phase.REQUEST);
        }
        context.fireChannelRead(bytes);
    }

    void requestEnded() {
        unanswered++;
        enter(Phase.ANSWER);
    }

    void answerBegan() {
        answerBegun = true;
    }

    void answerEnded() {
        answerBegun = false;
        unanswered = Math.max(0, unanswered - 1);
        // An answer may end before its request; the request's time limit still applies.
        if (unanswered == 0 && phase == Phase.ANSWER) {
            enter(Phase.IDLE);
        }
    }

    /**
     * Returns since when the client has read none of the waiting bytes; {@code nowNanos} if none wait, or their number
     * has changed.
     */
    long unreadSinceNanos(long nowNanos) {
        long before = unreadBytes;
        unreadBytes = unreadBytes();
        if (unreadBytes == 0 || unreadBytes != before) {
            unreadSinceNanos = nowNanos;
        }
        return unreadSinceNanos;
    }

    /** Returns the number of written bytes that the client has not taken. May be called by any thread. */
    long unreadBytes() {
        var written = channel.unsafe().outboundBuffer();
        return written == null ? 0 : written.totalPendingWriteBytes();
    }

    /** Ends the connection. May be called by any thread. */
    void end(EndReason reason) {
        channel.eventLoop().execute(() -> {
            if (reason == EndReason.SLOW_REQUEST && !answerBegun) {
                var _ = channel.pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(TIMEOUT_ANSWER));
            }
            var _ = channel.close(); // Close even if the client does not read the answer either.
        });
    }
}
