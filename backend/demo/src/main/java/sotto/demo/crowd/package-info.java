/**
 * People without a browser, many in one process: the app's room session, MLS group and connection over real sockets to a
 * real server, with nobody behind them. For measuring and testing rooms that are larger than the browsers that a machine
 * can run.
 *
 * <p>{@link sotto.demo.crowd.Crowd} makes {@link sotto.demo.crowd.CrowdMember}s in this process or in several others: MLS
 * runs on one thread at a time in a process, so that a crowd in one process does not show what separate people would.
 */
package sotto.demo.crowd;
