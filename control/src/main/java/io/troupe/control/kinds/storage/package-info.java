/** Volumes, claims, storage classes and CSI objects. */
package io.troupe.control.kinds.storage;
