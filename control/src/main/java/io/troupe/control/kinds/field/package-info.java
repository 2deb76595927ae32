/**
 * The vocabulary of field errors: paths, reasons and message texts as apimachinery's {@code
 * util/validation/field} and {@code util/validation} give them, plus reading and comparing JSON
 * trees as Go's typed objects would be (absent, null and empty mean the same).
 *
 * <p>In: JSON nodes and strings. Out: {@link io.troupe.control.kinds.field.Errors}. Left out: rules
 * of single kinds.
 */
package io.troupe.control.kinds.field;
