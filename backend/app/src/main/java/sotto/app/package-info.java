/** Filled in below. */
package sotto.app;
