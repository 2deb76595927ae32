package io.troupe.node.runtime;

/**
 * The runtime could not do what it was asked. The message has the form in which gRPC faults are
 * shown.
 */
public final class RuntimeFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String description;

  /**
   * @param code a gRPC code as Go writes it, for example {@code NotFound}
   */
  public RuntimeFault(String code, String description) {
    super("rpc error: code = " + code + " desc = " + description, null, false, false);
    this.code = code;
    this.description = description;
  }

  public String code() {
    return code;
  }

  public String description() {
    return description;
  }

  public boolean isNotFound() {
    return code.equals("NotFound");
  }

  public boolean isTimeout() {
    return code.equals("DeadlineExceeded");
  }
}
