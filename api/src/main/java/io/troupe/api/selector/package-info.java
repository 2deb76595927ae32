/**
 * Label and field selectors: apimachinery's {@code labels} and {@code fields}.
 *
 * <p>In go the string forms of query parameters ({@code a=b,c in (x,y),!d} and {@code
 * metadata.name=x}) or {@code LabelSelector} objects; out come immutable predicates. What is wrong
 * in a selector is a {@link io.troupe.api.object.RefusedException} (400) with upstream's words.
 *
 * <p>Left out: which fields a kind lets itself be selected by; that belongs to the kind.
 */
package io.troupe.api.selector;
