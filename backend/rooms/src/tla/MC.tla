--------------------------------- MODULE MC ---------------------------------
\* What the configurations need beside Room.
EXTENDS Room

\* Group ids are random bytes: their order tells nothing of their age. Here it is by founder, then by number.
GroupId(keyPackage) == 10 * keyPackage[1] + keyPackage[2]

\* What the maker has said before the run begins: member 2 is a host, too; and the room is locked.
NamedAndLocked == [NoRules EXCEPT !.term = 1, !.author = Maker, !.hosts = {2}, !.locked = TRUE]
=============================================================================
