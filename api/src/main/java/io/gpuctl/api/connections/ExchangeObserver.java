package io.gpuctl.api.connections;

import io.gpuctl.api.problem.BodyLimit;
import io.gpuctl.api.problem.Problem;
import io.gpuctl.api.problem.ProblemJson;
import io.gpuctl.api.problem.ProblemType;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link Connection} where its requests and answers end. Adds the usual problem body to the errors that Vert.x
 * answers itself (the input is not HTTP, or a line, a header or a body is too long).
 */
final class ExchangeObserver extends ChannelDuplexHandler {

    private final Connection connection;
    private String reason = "The request is not valid HTTP/1.1";

    ExchangeObserver(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request
                && request.decoderResult().isSuccess()
                && !isHost(request.headers().get(HttpHeaderNames.HOST))) {
            // The Vert.x router would fail, and answer before any handler of this service.
            reason = "The header Host is missing, or is not HOST or HOST:PORT";
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(reason)));
        }
        if (message instanceof LastHttpContent) {
            connection.requestEnded();
        }
        context.fireChannelRead(message);
    }

    private static boolean isHost(@Nullable String header) {
        return header != null && HostAndPort.parseAuthority(header, -1) != null;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean isInterim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (isInterim) {
            var _ = context.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse) {
            connection.answerBegan();
        }
        if (message instanceof LastHttpContent) {
            connection.answerEnded();
        }
        if (message instanceof FullHttpResponse response && isBareError(response)) {
            var described = described(response);
            ReferenceCountUtil.release(message);
            var _ = context.write(described, promise);
        } else {
            var _ = context.write(message, promise);
        }
    }

    private static boolean isBareError(FullHttpResponse response) {
        return response.status().code() >= 400
                && !response.content().isReadable()
                && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
    }

    private FullHttpResponse described(FullHttpResponse bare) {
        var problem = switch (bare.status().code()) {
            case 413 -> BodyLimit.tooLargeForAny();
            case 414 -> Problem.of(ProblemType.URI_TOO_LONG, "The request line is too long");
            case 431 -> Problem.of(ProblemType.HEADERS_TOO_LARGE, "All headers together may have at most 16 KiB");
            case 501 -> Problem.of(ProblemType.NOT_IMPLEMENTED, "This server supports only HTTP/1.1");
            case 400 -> Problem.of(ProblemType.BAD_REQUEST, reason);
            default -> Problem.ofStatus(bare.status().code(), bare.status().reasonPhrase());
        };
        var content = Unpooled.wrappedBuffer(ProblemJson.bytes(problem));
        var described = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, bare.status(), content);
        described
                .headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return described;
    }
}
