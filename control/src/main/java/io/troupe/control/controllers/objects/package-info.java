/**
 * What several controllers read from or write into objects: pod states, conditions, label
 * selectors, times, generated names, owner references. Pure functions over JSON trees.
 */
package io.troupe.control.controllers.objects;
