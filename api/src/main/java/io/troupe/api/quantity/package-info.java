/**
 * {@code resource.Quantity}: exact amounts of CPU, memory and everything else that is counted, with
 * decimal ({@code 500m}, {@code 2G}), binary ({@code 64Mi}) and exponent ({@code 1e3}) notation.
 *
 * <p>In goes text or a JSON value, out come immutable exact numbers, and the canonical text that
 * the API shows.
 */
package io.troupe.api.quantity;
