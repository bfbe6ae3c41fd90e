/**
 * Real calls between real browsers: the demo's participants, their synthetic cameras and microphones, and what the demo
 * looks at. Never part of the product.
 */
package sotto.demo;
