package sotto.demo.fault;

import java.util.Set;

/**
 * What a fault's call looks like. Persons are counted from 0 in the order of their arrival, which is that of their ranks:
 * 0 makes the room and is its committer.
 *
 * @param people who have a backend and a page
 * @param inCall how many of them are in the call before the fault
 * @param tap whose page is asked for the time; if somebody is {@code hit}, records frames as they travel, and must stay and
 *     see somebody else who stays
 * @param hit those who are out of the group for a while: their keys are kept, as a thief would
 * @param ownComputer those whose browser is a process of its own, so that it can be stopped or killed
 * @param cable the persons of {@code ownComputer} are on networks of their own, joined to the others' by a cable; in a
 *     relayed call the relay is
 * @param ownClock those whose backend's clock can be set
 * @param relays nodes for a relayed call, of which the first runs from the beginning; 0 if the call is direct
 */
public record Setting(
        int people,
        int inCall,
        int tap,
        Set<Integer> hit,
        Set<Integer> ownComputer,
        boolean cable,
        Set<Integer> ownClock,
        int relays) {

    /** How media travels: {@code direct} or {@code relay}. */
    public String path() {
        return relays > 0 ? "relay" : "direct";
    }

    static Setting of(int people, int tap, Integer... hit) {
        return new Setting(people, people, tap, Set.of(hit), Set.of(), false, Set.of(), 0);
    }

    Setting comingLater(int newcomers) {
        return new Setting(people, people - newcomers, tap, hit, ownComputer, cable, ownClock, relays);
    }

    Setting onOwnComputer(Integer... persons) {
        return new Setting(people, inCall, tap, hit, Set.of(persons), cable, ownClock, relays);
    }

    Setting onCable() {
        return new Setting(people, inCall, tap, hit, ownComputer, true, ownClock, relays);
    }

    Setting withOwnClock(Integer... persons) {
        return new Setting(people, inCall, tap, hit, ownComputer, cable, Set.of(persons), relays);
    }

    Setting withRelays(int nodes) {
        return new Setting(people, inCall, tap, hit, ownComputer, cable, ownClock, nodes);
    }
}
