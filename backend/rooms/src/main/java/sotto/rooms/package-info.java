/** Filled in below. */
package sotto.rooms;
