package io.troupe.node.runtime.cri;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.troupe.node.runtime.RuntimeFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** gRPC calls on a Unix socket, by method name. */
final class CriChannel implements AutoCloseable {
  private static final int MESSAGE_BYTES_MAX = 16 << 20;

  private final EventLoopGroup loop;
  private final ManagedChannel channel;

  CriChannel(Path socket) {
    loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .overrideAuthority("localhost")
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            // TCP's, and a warning on every Unix socket
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .build();
  }

  /** Calls and waits; the answer's default instance says how to read it. */
  <Q extends Message, A extends Message> A call(
      String method, Q request, A answer, Duration timeout) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return ClientCalls.blockingUnaryCall(
          channel, descriptor(method, request, answer, false), options, request);
    } catch (StatusRuntimeException e) {
      throw fault(e);
    }
  }

  /** Opens a stream of answers to one request; cancel the returned call to end it. */
  <Q extends Message, A extends Message> ClientCall<Q, A> stream(
      String method, Q request, A answer, ClientCall.Listener<A> listener) {
    ClientCall<Q, A> call =
        channel.newCall(descriptor(method, request, answer, true), CallOptions.DEFAULT);
    call.start(listener, new Metadata());
    call.sendMessage(request);
    call.halfClose();
    call.request(Integer.MAX_VALUE);
    return call;
  }

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> descriptor(
      String method, Q request, A answer, boolean streaming) {
    @SuppressWarnings("unchecked") // the default instance of a message has the message's class
    Q defaults = (Q) request.getDefaultInstanceForType();
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(
            streaming
                ? MethodDescriptor.MethodType.SERVER_STREAMING
                : MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(ProtoUtils.marshaller(defaults))
        .setResponseMarshaller(ProtoUtils.marshaller(answer))
        .build();
  }

  private static RuntimeFault fault(StatusRuntimeException e) {
    String description = e.getStatus().getDescription();
    return new RuntimeFault(
        goName(e.getStatus().getCode().name()), description == null ? "" : description);
  }

  /** NOT_FOUND → NotFound. */
  private static String goName(String code) {
    if (code.equals("CANCELLED")) {
      return "Canceled";
    }
    StringBuilder name = new StringBuilder();
    for (String word : code.split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
