/**
 * Attacks on rooms, each driven through real sessions over real sockets: by a server that lies
 * ({@link sotto.demo.attack.ServerAttacks}) and by a member or link holder who does
 * ({@link sotto.demo.attack.InsiderAttacks}). What they try and what must come of it stands in {@code docs/attacks.md}.
 */
package sotto.demo.attack;
