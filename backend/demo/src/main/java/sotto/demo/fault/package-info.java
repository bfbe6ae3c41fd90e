/**
 * Faults in a running call of real browsers: processes that die, hang or sleep, a cut network, clocks that jump. One
 * class a fault, which tells what happens when; {@link sotto.demo.fault.FaultCall} measures and judges alike for all.
 *
 * <p>Promised in each: those whom the fault does not touch see each other without a stop; everybody is in one group three
 * seconds after the fault ended; no picture is shown under a wrong name; who is out of the group decrypts nothing.
 */
package sotto.demo.fault;
