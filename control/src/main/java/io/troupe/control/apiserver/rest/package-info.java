/**
 * The verbs: get, list, watch, create, update, patch, delete, deletecollection, for every kind.
 * Stands for apiserver/pkg/endpoints/handlers and the generic registry's reads.
 *
 * <p>Reads copy bytes from the watch cache; writes become commands to the object's actor. In goes
 * an authorized {@link io.troupe.control.apiserver.http.Exchange}, out its answer. The rules of
 * kinds are {@code control.kinds}', the store's {@code persistence}'s.
 */
package io.troupe.control.apiserver.rest;
