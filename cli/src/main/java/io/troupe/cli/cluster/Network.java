package io.troupe.cli.cluster;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;

/** Finds the address under which others reach this machine. */
public final class Network {
  private Network() {}

  /** The first IPv4 address of an interface that is up and no loopback or bridge of ours; loopback when there is none. */
  public static String primaryAddress() {
    try {
      for (NetworkInterface nic : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (nic.isUp() && !nic.isLoopback() && !nic.getName().startsWith("troupe") && !nic.getName().startsWith("veth")) {
          for (InetAddress address : Collections.list(nic.getInetAddresses())) {
            if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
              return address.getHostAddress();
            }
          }
        }
      }
    } catch (SocketException e) {
      return "127.0.0.1";
    }
    return "127.0.0.1";
  }
}
