package io.troupe.node.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Turns a query message into a response: the cluster's names from {@link Records}, the rest from
 * the resolver.
 */
final class Responder {
  private static final long TTL_SECONDS = 5;
  private static final int PLAIN_UDP_BYTES = 512;
  private static final int EDNS_BYTES = 1_232;

  private final Records records;
  private final Name zone;
  private final Resolver forward;

  /** {@code forward} may be null: then names outside of the cluster get SERVFAIL. */
  Responder(Records records, Name zone, Resolver forward) {
    this.records = records;
    this.zone = zone;
    this.forward = forward;
  }

  /** The wire form of the answer, or null when the bytes are not a query that can be answered. */
  byte[] respond(byte[] wire, boolean tcp) {
    Message query;
    try {
      query = new Message(wire);
    } catch (IOException malformed) {
      return null;
    }
    Record question = query.getQuestion();
    if (question == null || query.getHeader().getFlag(Flags.QR)) {
      return null;
    }
    int limit = tcp ? 65_535 : udpLimit(query);
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      return failure(query, Rcode.NOTIMP).toWire(limit);
    }
    return answer(query, question).toWire(limit);
  }

  private static int udpLimit(Message query) {
    int offered = query.getOPT() == null ? PLAIN_UDP_BYTES : query.getOPT().getPayloadSize();
    return Math.clamp(offered, PLAIN_UDP_BYTES, EDNS_BYTES);
  }

  private Message answer(Message query, Record question) {
    String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
    if (records.owns(name)) {
      return fromRecords(query, question, records.answer(name));
    }
    Optional<String> ip = reversed(question);
    if (ip.isPresent()) {
      Records.Answer pointers = records.pointers(ip.get());
      if (pointers.exists()) {
        return fromRecords(query, question, pointers);
      }
    }
    return forwarded(query);
  }

  private static Optional<String> reversed(Record question) {
    try {
      return question.getType() == Type.PTR
          ? Optional.of(ReverseMap.fromName(question.getName()).getHostAddress())
          : Optional.empty();
    } catch (IOException notAReverseName) {
      return Optional.empty();
    }
  }

  private Message forwarded(Message query) {
    if (forward == null) {
      return failure(query, Rcode.SERVFAIL);
    }
    try {
      Message answer = forward.send(query);
      answer.getHeader().setID(query.getHeader().getID());
      return answer;
    } catch (IOException unreachable) {
      return failure(query, Rcode.SERVFAIL);
    }
  }

  private static Message failure(Message query, int code) {
    Message message = start(query);
    message.getHeader().setRcode(code);
    message.getHeader().unsetFlag(Flags.AA);
    return message;
  }

  private static Message start(Message query) {
    Message message = new Message(query.getHeader().getID());
    Header header = message.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.AA);
    header.setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    message.addRecord(query.getQuestion(), Section.QUESTION);
    return message;
  }

  private Message fromRecords(Message query, Record question, Records.Answer answer) {
    Message message = start(query);
    for (Records.Data data : answer.records()) {
      addIfAsked(message, question, data);
    }
    if (message.getSection(Section.ANSWER).isEmpty()) {
      message.getHeader().setRcode(answer.exists() ? Rcode.NOERROR : Rcode.NXDOMAIN);
      message.addRecord(authority(), Section.AUTHORITY);
    }
    return message;
  }

  private void addIfAsked(Message message, Record question, Records.Data data) {
    Name name = question.getName();
    int type = question.getType();
    switch (data) {
      case Records.Data.Address(String ip) -> {
        InetAddress address = parse(ip);
        if (address.getAddress().length == 4 && asked(type, Type.A)) {
          message.addRecord(new ARecord(name, DClass.IN, TTL_SECONDS, address), Section.ANSWER);
        } else if (address.getAddress().length == 16 && asked(type, Type.AAAA)) {
          message.addRecord(new AAAARecord(name, DClass.IN, TTL_SECONDS, address), Section.ANSWER);
        }
      }
      case Records.Data.Alias(String target) -> addAlias(message, question, target);
      case Records.Data.Server(int port, String target) -> {
        if (asked(type, Type.SRV)) {
          message.addRecord(
              new SRVRecord(name, DClass.IN, TTL_SECONDS, 0, 100, port, name(target)),
              Section.ANSWER);
        }
      }
      case Records.Data.Pointer(String target) -> {
        if (asked(type, Type.PTR)) {
          message.addRecord(
              new PTRRecord(name, DClass.IN, TTL_SECONDS, name(target)), Section.ANSWER);
        }
      }
      case Records.Data.Text(String text) -> {
        if (asked(type, Type.TXT)) {
          message.addRecord(new TXTRecord(name, DClass.IN, TTL_SECONDS, text), Section.ANSWER);
        }
      }
    }
  }

  /**
   * A CNAME answers every type; the address behind it is added so that simple clients need one
   * question only.
   */
  private void addAlias(Message message, Record question, String target) {
    Name alias = name(target);
    message.addRecord(
        new CNAMERecord(question.getName(), DClass.IN, TTL_SECONDS, alias), Section.ANSWER);
    if (question.getType() == Type.CNAME) {
      return;
    }
    Record next = Record.newRecord(alias, question.getType(), DClass.IN);
    Message followed = answer(Message.newQuery(next), next);
    followed.getSection(Section.ANSWER).forEach(r -> message.addRecord(r, Section.ANSWER));
  }

  private static boolean asked(int type, int candidate) {
    return type == candidate || type == Type.ANY;
  }

  private static InetAddress parse(String ip) {
    byte[] bytes = Address.toByteArray(ip, ip.indexOf(':') < 0 ? Address.IPv4 : Address.IPv6);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("not an address: " + ip, e);
    }
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (IOException e) {
      throw new IllegalStateException("not a DNS name: " + text, e);
    }
  }

  private Record authority() {
    Name host = name("ns.dns." + zone.toString(true));
    Name admin = name("hostmaster." + zone.toString(true));
    return new SOARecord(
        zone, DClass.IN, TTL_SECONDS, host, admin, 1, 7_200, 1_800, 86_400, TTL_SECONDS);
  }
}
