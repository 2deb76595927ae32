package io.troupe.api.kinds;

import java.util.function.Supplier;

/** A value made on first use; two threads may both make it, and either result is as good. */
final class Once<T> implements Supplier<T> {
  private final Supplier<T> make;
  private volatile T made;

  Once(Supplier<T> make) {
    this.make = make;
  }

  @Override
  public T get() {
    T known = made;
    if (known == null) {
      known = make.get();
      made = known;
    }
    return known;
  }
}
