/**
 * How frame keys travel to the frame worker: as {@link sotto.bridge.seal.WorkerCommands}, sealed with HPKE (RFC 9180) to
 * a key pair that the worker made and cannot export. Layouts: {@code docs/protocol.md}, section 9.
 *
 * <p>Called by {@code local}, which carries the sealed bytes, and by whoever hands out keys. Plaintext keys exist here
 * only between {@code encode} and the end of {@code seal}, in arrays that are wiped. The worker's private key never
 * enters this process: the opening half is in the tests.
 */
package sotto.bridge.seal;
