/** Filled in below. */
package sotto.demo;
