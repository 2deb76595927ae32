package io.troupe.control.apiserver;

import java.util.Optional;

/** OpenAPI documents as bytes. */
public interface OpenApiDocuments {
  byte[] v2();

  /** The index of v3 documents. */
  byte[] v3Index();

  /**
   * One group version's document, by the path after {@code /openapi/v3/}, for example {@code
   * apis/apps/v1}.
   */
  Optional<byte[]> v3(String path);
}
