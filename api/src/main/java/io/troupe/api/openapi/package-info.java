/**
 * OpenAPI documents, version 2 (one for all) and version 3 (one for each group and version), made
 * from the kinds when they are asked for. {@code kubectl explain}, server-side validation checks
 * and strategic patches of {@code kubectl apply} read them.
 *
 * <p>Descriptions are not ours: they are read out of the class files of {@code
 * io.kubernetes:client-java-api}, whose code is never loaded. That artifact is a Kubernetes version
 * behind at times, so a new field may have none.
 *
 * <p>Left out: the protobuf forms of the documents, descriptions of query parameters, and the
 * deprecated {@code /watch/} paths.
 */
package io.troupe.api.openapi;
