/**
 * The desktop app's command line: one command per class, each with its own help. {@link Cli} holds them together and is
 * all that {@code Main} needs. Commands print results to standard output and everything else to standard error, so that
 * what they print can be piped. Exit codes are in {@link Exit}.
 */
package sotto.app.cli;
