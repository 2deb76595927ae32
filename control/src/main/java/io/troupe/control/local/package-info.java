/**
 * {@code KubeClient} inside the control JVM: the same commands as an HTTP client's become the same
 * decisions, without HTTP. Controllers and schedulers get it; their rights are those of trusted
 * components.
 */
package io.troupe.control.local;
