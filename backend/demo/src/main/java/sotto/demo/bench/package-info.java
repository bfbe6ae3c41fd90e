/**
 * The benchmarks of {@code ./sotto bench}. Each puts what is compared side by side in one run, alternating, so that a
 * busy machine slows both alike; what they print is judged by people, not by tests.
 */
package sotto.demo.bench;
