/** Filled in below. */
package sotto.server;
