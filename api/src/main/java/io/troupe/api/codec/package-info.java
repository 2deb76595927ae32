/**
 * The bodies of the Kubernetes API in its other encodings: YAML, and {@code
 * application/vnd.kubernetes.protobuf} with its envelope and watch frames, which client-go's typed
 * clients speak by default.
 *
 * <p>In go and out come bytes on one side and JSON trees on the other. Protobuf has no generated
 * classes: field numbers, embedding and pointers come from the {@link io.troupe.api.kinds.Schema}
 * of the kind, and reading gives the JSON that upstream would write. Reading is bounded in size,
 * depth and number of values; what cannot be read is a {@link
 * io.troupe.api.object.RefusedException} (400).
 *
 * <p>Left out: CBOR; {@code Table} and everything else that is JSON only.
 */
package io.troupe.api.codec;
