/**
 * The verbs of the resource API: reads copy bytes out of the watch cache, writes become commands to
 * object actors, watches stream changes. Content negotiation (JSON, YAML, protobuf, Table, metadata
 * only) happens here, once.
 */
package io.troupe.control.apiserver.rest;
