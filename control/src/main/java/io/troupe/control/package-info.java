/**
 * The control plane: {@code apiserver}, {@code kinds}, {@code controllers} and {@code scheduler},
 * which never import one another except that the API server and the store meet through {@code
 * kinds}.
 */
package io.troupe.control;
