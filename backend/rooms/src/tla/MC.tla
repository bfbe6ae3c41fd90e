--------------------------------- MODULE MC ---------------------------------
\* What the configurations need beside Room.
EXTENDS Room

\* Group ids are random bytes: their order tells nothing of their age. Here it is by founder, then by number.
GroupId(keyPackage) == 10 * keyPackage[1] + keyPackage[2]
=============================================================================
