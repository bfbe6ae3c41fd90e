package sotto.rooms.explore;

/** What must hold. The names are those of the TLA+ specification; the last five are the code's own. */
public enum Property {
    /** The server accepts at most one commit per group and epoch, over all of its logs. */
    OneCommitPerEpoch,
    /** Members in one epoch of a group have the same roster and the same exporter. */
    SameEpochSameRosterAndExporter,
    /** Who is not in the roster of an epoch does not have its key. */
    OnlyRosterHasKey,
    /** Nobody follows a commit that adds somebody who did not ask. */
    NobodyAddedUnasked,
    /** Nobody follows a commit that removes somebody who neither left nor went nor asked again. */
    NobodyRemovedWithoutCause,
    /** Nobody follows a commit that adds somebody to a locked room whom no host admitted. */
    NobodyUnadmittedIsAdded,
    /** Nobody follows a commit that adds somebody whom a host has removed. */
    NobodyRemovedIsAdded,
    /** Nobody takes rules for newer that are older. */
    RulesNeverGoBack,
    /** Nobody goes back to an earlier epoch of a group, or to an older group of the log. */
    EpochsNeverGoBack,
    /** Who reads a message of somebody who was shown another log is alarmed. */
    ForkRaisesAlarm,
    /** Everybody who asks to be admitted and stays is admitted. */
    AllWhoAskAreAdmitted,
    /** Nobody who is gone stays in the roster. */
    AllGoneAreRemoved,
    /** All who stay are in one epoch of one group. */
    NoSplitLasts,
    /** Nobody whom a host removed stays in the roster. */
    EveryoneRemovedIsOut,
    /** All who stay have the same rules and path. */
    AllAgree,
    /** Commits end once nothing happens any more. */
    CommitStormEnds,
    /** Where everybody keeps to the rules, nobody is alarmed. */
    NoFalseAlarm,
    /** Nobody's stay ends but by their own wish or a host's. */
    NobodyIsThrownOut,
    /** Whoever refuses a commit does not stay in the group with its maker. */
    NoGroupOutlivesARefusal,
    /** Whoever is not the attached member with the lowest leaf commits after a pause alone. */
    OnlyTheDesignatedCommitsAtOnce,
    /** The machine takes every event. */
    NoStepFails
}
