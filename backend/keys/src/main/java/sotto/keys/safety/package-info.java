/** Numbers that people read to each other. */
package sotto.keys.safety;
