package io.troupe.control.apiserver.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;

/**
 * client-go upgrades to SPDY with a POST, which Vert.x does not take for an upgrade. So the head of
 * such a request says GET behind this handler, and a header of ours keeps what it was.
 */
public final class PostedUpgrades extends ChannelInboundHandlerAdapter {
  private static final String METHOD = "x-troupe-posted-upgrade";

  private PostedUpgrades() {}

  /** For each new connection; only HTTP/1.1 can be upgraded. */
  public static void prepare(HttpConnection connection) {
    if (connection instanceof Http1ServerConnection http1) {
      http1.channel().pipeline().addAfter("httpDecoder", METHOD, new PostedUpgrades());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      HttpHeaders headers = request.headers();
      headers.remove(METHOD);
      if (request.method().equals(HttpMethod.POST) && headers.contains("upgrade")) {
        request.setMethod(HttpMethod.GET);
        headers.set(METHOD, "POST");
      }
    }
    context.fireChannelRead(message);
  }

  /** The method that the client sent. */
  public static String methodOf(HttpServerRequest request) {
    return isPosted(request) ? "POST" : request.method().name();
  }

  /** Whether the header is this class' own, and nobody else's business. */
  public static boolean isOwn(String header) {
    return header.equalsIgnoreCase(METHOD);
  }

  private static boolean isPosted(HttpServerRequest request) {
    return request.version() != io.vertx.core.http.HttpVersion.HTTP_2
        && request.headers().contains(METHOD);
  }
}
