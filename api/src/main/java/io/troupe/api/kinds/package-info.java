/**
 * What Troupe knows about kinds: their resource names, scope, versions and schemas, read from the
 * fact files that the importer wrote (one source of truth for discovery, validation, patches,
 * protobuf and OpenAPI).
 *
 * <p>Left out: behaviour (defaults, validation beyond the schema, columns); that is {@code
 * control/kinds}.
 */
package io.troupe.api.kinds;
