/** Filled in below. */
package sotto.keys;
