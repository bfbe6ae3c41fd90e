package sotto.keys.groups.mls;

import sotto.keys.groups.Member;

/** An occupied leaf of a tree: its bytes, and who they were verified to be. */
record Seat(WireLeaf leaf, Member member) {}
