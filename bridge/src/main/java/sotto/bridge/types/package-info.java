/**
 * Writes the TypeScript side of {@code sotto.bridge.messages}: types, constants and strict parsers. Runs in the build
 * only; nothing of the app calls it.
 */
package sotto.bridge.types;
