/**
 * What a profile keeps between starts: named binary records. {@link sotto.keys.store.ProfileStore} is the interface that
 * everything else uses; where and how the records rest is decided behind it.
 */
package sotto.keys.store;
