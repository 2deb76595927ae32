/**
 * What Troupe knows about kinds: their resource names, scope, versions and schemas, read from the
 * fact files that the importer wrote (one source of truth for discovery, validation, patches,
 * protobuf and OpenAPI), and the decoder that reads a body against its schema.
 *
 * <p>{@link io.troupe.api.kinds.FactKinds} answers by path, by body or by definition. {@link
 * io.troupe.api.kinds.BodyDecoder} stands for upstream's strict and lenient JSON decoders
 * (sigs.k8s.io/json): it says what is wrong in their words, prunes, and writes the form that
 * upstream would give back. Facts are read when they are first looked at, since all of this is on
 * the way of a start.
 *
 * <p>Left out: behaviour (defaults, validation beyond the schema, columns); that is {@code
 * control/kinds}.
 */
package io.troupe.api.kinds;
