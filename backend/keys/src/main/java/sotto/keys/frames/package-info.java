/**
 * SFrame (RFC 9605, AES_256_GCM_SHA512_128): from an epoch of the group and the link secret to the key of one sender's
 * track, and the rule that a send key leaves the backend once. Frames themselves are encrypted by the browser's worker;
 * {@link sotto.keys.frames.Sframe} is the reference that tests and tools use.
 */
package sotto.keys.frames;
