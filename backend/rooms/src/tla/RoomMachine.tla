---------------------------- MODULE RoomMachine ----------------------------
(***************************************************************************)
(* The room machine of one member, as a function: Step(s, e) is the state  *)
(* after event e. It says what sotto.rooms.machine says, in the same words *)
(* and in the same order, so that the two can be read side by side; each   *)
(* part names the Java class that it mirrors. README.md tells what is left *)
(* out and why.                                                            *)
(*                                                                         *)
(* MLS is symbols. A KeyPackage, the leaf and the signature key that come  *)
(* of it are one value <<m, n>>: the n-th that member m drew. m stands for *)
(* participant and identity. An epoch is a record of group, epoch, secret  *)
(* and roster (leaf -> KeyPackage); its secret is a value that names the   *)
(* commit which made it. A commit can be processed only by who knows the   *)
(* secret of the epoch before and is not removed by it, a Welcome only by  *)
(* who drew the KeyPackage.                                                *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
    GroupOf(_),     \* the id of the group that is founded with this KeyPackage; ids are ordered, like random bytes
    Mutation,       \* which rule is broken on purpose; "none" if none is
    Talk,           \* whether messages that the machine ignores (tracks) are sent: they only number the log
    TrustEpochs     \* RoomMachine.TRUST_EPOCHS

PassedOver == 4         \* RoomMachine.PASSED_OVER
PassedOverEnd == 24     \* RoomMachine.PASSED_OVER_END
WelcomeFailures == 5    \* RoomMachine.WELCOME_FAILURES
Crowd == 3              \* RoomMachine.CROWD
Attempts == 4           \* RoomMachine.ATTEMPTS
AdmissionRanks == 6     \* RoomMachine.ADMISSION_RANKS

\* -------------------------------------------------------------- functions

\* TLCEval changes no meaning: it makes TLC compute a function once, instead of at each use of one of its values.
Put(f, k, v) == TLCEval([x \in DOMAIN f \cup {k} |-> IF x = k THEN v ELSE f[x]])
Only(f, S) == TLCEval([x \in DOMAIN f \cap S |-> f[x]])
Without(f, S) == TLCEval([x \in DOMAIN f \ S |-> f[x]])
Least(S) == CHOOSE x \in S : \A y \in S : x <= y
Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a > b THEN a ELSE b

\* ------------------------------------------------- RoomState and its parts

\* Mark: the group founded later in the log is the newer. Groups carried over from an earlier log have since = 0.
NoMark == <<-1, 0>>
Newer(a, b) == a[1] > b[1] \/ (a[1] = b[1] /\ a[2] > b[2])

NoEpoch == [group |-> 0, epoch |-> -1, secret |-> <<>>, roster |-> <<>>]
NoAsking == [set |-> FALSE, sequence |-> 0, rank |-> 0, passedOver |-> 0, failures |-> 0]
NoFlight == [kind |-> "NONE"]
NoClaim == [leaf |-> -1, sequence |-> 0]
\* Timers hold the rank that their delay is made of; -1 is not set. All but TURN and ADMISSION have one delay.
NoTimers == [TURN |-> -1, GATHER |-> -1, ADMISSION |-> -1, GRACE |-> -1, FLIGHT |-> -1, RECONNECT |-> -1]

Start(m) ==
    [self |-> m, phase |-> "OUTSIDE", everInside |-> FALSE, failures |-> 0,
     \* LogState
     hasLog |-> FALSE, logId |-> 0, me |-> <<m, 0>>, entered |-> 0, sequence |-> 0, past |-> {}, peers |-> <<>>,
     joins |-> <<>>, newest |-> NoMark, newestEpoch |-> 0, banned |-> {}, told |-> {},
     \* LogChain: where this client's log differs from the honest one, see Hash
     chain |-> {},
     \* GroupState
     hasGroup |-> FALSE, view |-> NoEpoch, leaf |-> -1, since |-> 0, entryEpoch |-> 0, standing |-> "NONE",
     seats |-> <<>>, going |-> {}, wanted |-> FALSE, at |-> 0,
     \* Accord: whether a member has told its rules since this one was away; until then it lets nobody in
     heard |-> TRUE,
     former |-> <<>>, asking |-> NoAsking, underWay |-> 0, inFlight |-> NoFlight, timers |-> NoTimers,
     \* the session's part: KeyPackages drawn so far, the one asked with
     drafts |-> 0, asked |-> 0,
     \* what the step leads to: frames to send and connections to make, alarms (these stay)
     out |-> <<>>, alarms |-> {}]

Good(s) == s.hasGroup /\ s.standing = "GOOD"
Live(s) == s.since > 0
MarkOf(s) == <<s.since, s.view.group>>
FoundInFlight(s) == s.inFlight.kind = "FOUND"
Seated(s, leaf) == leaf \in DOMAIN s.seats
LeafOf(s, c) == LET ls == {l \in DOMAIN s.seats : s.seats[l].connection = c} IN IF ls = {} THEN -1 ELSE Least(ls)
Present(s, c) == \E i \in DOMAIN s.peers : s.peers[i].id = c
PeerOf(s, c) == s.peers[CHOOSE i \in DOMAIN s.peers : s.peers[i].id = c]
PresentStaying(s, c) == \E i \in DOMAIN s.peers : s.peers[i].id = c /\ ~s.peers[i].left
ArrivedAt(s, c) == IF Present(s, c) THEN PeerOf(s, c).arrived ELSE 0
Refused(s, m) == m \in s.banned \cup s.told
Pending(s, join) == join.gone = 0 /\ s.view.group \notin join.granted
AsksHere(s, c) == c \in DOMAIN s.joins /\ Pending(s, s.joins[c])
OwnKey(s) == s.view.roster[s.leaf]
MemberLeaf(roster, m) == {l \in DOMAIN roster : roster[l][1] = m}

\* ------------------------------------------------------ Step: the vocabulary

Alarm(s, a) == [s EXCEPT !.alarms = @ \cup {a}]
SetTimer(s, t, rank) == [s EXCEPT !.timers[t] = rank]
CancelTimer(s, t) == [s EXCEPT !.timers[t] = -1]
Then(s, frame) == [s EXCEPT !.out = Append(@, frame)]

\* A sealed and signed payload carries what its sender has seen of the log: sequence and hash.
Post(s, signer, body) ==
    Then(s, [t |-> "post", signer |-> signer, seen |-> s.sequence, hash |-> s.chain, body |-> body])
SendTo(s, to, body) ==
    Then(s, [t |-> "send", to |-> to, signer |-> OwnKey(s), seen |-> s.sequence, hash |-> s.chain, body |-> body])
PostState(s) == IF Talk THEN Post(s, OwnKey(s), [type |-> "state"]) ELSE s
SendState(s, to) == IF Talk THEN SendTo(s, to, [type |-> "state"]) ELSE s
AttachBody(s) ==
    [type |-> "attach", group |-> s.view.group, epoch |-> s.view.epoch, leaf |-> s.leaf, since |-> s.since]

DiscardInFlight(s) ==
    IF s.inFlight = NoFlight THEN s
    ELSE [s EXCEPT !.inFlight = NoFlight, !.timers.FLIGHT = -1]

End(s) ==
    LET d == DiscardInFlight(s) IN
    [d EXCEPT !.phase = "ENDED", !.timers = NoTimers, !.asking = NoAsking, !.out = Append(@, [t |-> "disconnect"])]

\* Founds a group; what others do meanwhile goes on unharmed.
Found(s) ==
    LET d == DiscardInFlight(s)
        kp == <<s.self, s.drafts + 1>>
        next == [group |-> GroupOf(kp), epoch |-> 0, secret |-> <<s.me, s.logId, s.sequence>>, roster |-> 0 :> kp]
    IN  [d EXCEPT
            !.drafts = @ + 1,
            !.timers.ADMISSION = -1, !.timers.TURN = -1, !.timers.FLIGHT = 0,
            !.inFlight = [kind |-> "FOUND", next |-> next],
            !.out = Append(@, [t |-> "commit", group |-> next.group, epoch |-> 0, signer |-> kp,
                               seen |-> s.sequence, hash |-> s.chain,
                               body |-> [type |-> "found", keyPackage |-> kp]])]

\* The group goes on without this member, or another replaced it.
Over(s) ==
    LET kept == {c \in DOMAIN s.joins : s.joins[c].sequence > s.entered}
        a == [s EXCEPT !.standing = IF s.hasGroup THEN "OVER" ELSE @, !.joins = Only(@, kept)]
        b == IF FoundInFlight(s) THEN a ELSE DiscardInFlight(a)
    IN  [b EXCEPT !.timers.TURN = -1, !.timers.GATHER = -1, !.timers.GRACE = -1]

Unseat(s, c) ==
    LET l == LeafOf(s, c) IN
    IF l = -1 THEN s
    ELSE [s EXCEPT !.seats = Without(@, {l}),
                   !.former = IF l \in DOMAIN s.view.roster THEN Put(@, c, s.view.roster[l]) ELSE @]

UnseatGoing(s, c) ==
    LET l == LeafOf(s, c) IN IF l = -1 THEN s ELSE [Unseat(s, c) EXCEPT !.going = @ \cup {l}]

\* Attaches a member on a connection, and nobody else there.
Seat(s, leaf, c, since) ==
    LET l == LeafOf(s, c)
        cleared == IF l = -1 THEN s.seats ELSE Without(s.seats, {l})
    IN  [s EXCEPT !.seats = Put(cleared, leaf, [connection |-> c, since |-> since]),
                  !.going = @ \ {leaf}, !.former = Without(@, {c})]

HeardNewest(s, mark, epoch) ==
    IF s.newest = mark THEN [s EXCEPT !.newestEpoch = Max(@, epoch)]
    ELSE [s EXCEPT !.newest = mark, !.newestEpoch = epoch,
                   !.peers = [i \in DOMAIN @ |-> [@[i] EXCEPT !.epochThen = 0]]]

\* ------------------------------------------------------------- Admission

\* How many arrived before this client.
AdmissionRank(s) ==
    LET own == {i \in DOMAIN s.peers : s.peers[i].id = s.me}
    IN  Min(IF own = {} THEN Len(s.peers) ELSE Least(own) - 1, AdmissionRanks)

Wait(s) ==
    LET rank == AdmissionRank(s) IN
    [s EXCEPT !.asking = IF @.set THEN [@ EXCEPT !.rank = rank] ELSE @, !.timers.ADMISSION = rank]

PostJoin(s, fresh) ==
    LET d == IF fresh THEN [s EXCEPT !.drafts = @ + 1, !.asked = s.drafts + 1] ELSE s
        kp == <<s.self, d.asked>>
    IN  Post([d EXCEPT !.underWay = @ + 1], kp, [type |-> "join", keyPackage |-> kp])

Ask(s) ==
    Wait(PostJoin([s EXCEPT !.asking = [set |-> TRUE, sequence |-> 0, rank |-> AdmissionRank(s),
                                        passedOver |-> 0, failures |-> 0]], TRUE))

WaitLess(s) ==
    IF ~s.asking.set \/ FoundInFlight(s) THEN s
    ELSE IF \A i \in DOMAIN s.peers : s.peers[i].id = s.me THEN Found(s)
    ELSE IF AdmissionRank(s) < s.asking.rank THEN Wait(s)
    ELSE s

\* The same request again, for those who came after it.
AskAgain(s) ==
    IF ~s.asking.set \/ s.asking.sequence = 0 THEN s
    ELSE PostJoin([s EXCEPT !.asking.sequence = 0], FALSE)

\* A commit of the newest group landed.
SeeCommit(s, seen) ==
    IF ~s.asking.set \/ FoundInFlight(s) THEN s
    ELSE IF ~(s.asking.sequence > 0 /\ seen >= s.asking.sequence) THEN Wait(s)
    ELSE LET times == s.asking.passedOver + 1
             a == [s EXCEPT !.asking.passedOver = times]
         IN  IF times >= PassedOverEnd THEN End(s)
             ELSE Wait(IF times % PassedOver = 0 THEN AskAgain(a) ELSE a)

WelcomeFailed(s) ==
    LET failures == s.asking.failures + 1 IN
    IF failures >= WelcomeFailures THEN End(s)
    ELSE LET a == Ask(s) IN
         [a EXCEPT !.asking = IF @.set THEN [@ EXCEPT !.sequence = 0, !.passedOver = 0, !.failures = failures] ELSE @]

\* Whether this KeyPackage's leaf is in the own group: the request was posted again while it was being granted.
Granted(s, kp) == Good(s) /\ \E l \in DOMAIN s.view.roster : s.view.roster[l] = kp

\* Whether the other connection is present and came after this one.
CameLater(s, from, other) ==
    LET places(c) == {i \in DOMAIN s.peers : s.peers[i].id = c} IN
    other # from /\ places(other) # {} /\ (places(from) = {} \/ Least(places(other)) > Least(places(from)))

\* Whether a member is attached on a connection that came later: what comes from the older was sent before.
MovedOn(s, leaf, from) == Seated(s, leaf) /\ CameLater(s, from, s.seats[leaf].connection)

\* Whether the participant is attached on a connection that came later: it sent this before it lost the older.
AttachedLater(s, from, kp) ==
    Good(s)
    /\ \E l \in MemberLeaf(s.view.roster, kp[1]) \cap DOMAIN s.seats : CameLater(s, from, s.seats[l].connection)

\* Whether the participant asks on a connection that came later, too.
AskedLater(s, from, kp) ==
    \E c \in DOMAIN s.joins : s.joins[c].gone = 0 /\ s.joins[c].keyPackage[1] = kp[1] /\ CameLater(s, from, c)

JoinAsked(s, e) ==
    LET from == e.from
        kp == e.body.keyPackage
        known == Present(s, from) \/ from \in s.past
    IN
    IF from = s.me THEN
        \* One that was repeated before it was granted can come after this member had to ask anew.
        LET left == Max(0, s.underWay - 1) IN
        [s EXCEPT !.underWay = left,
                  !.asking = IF @.set /\ left = 0 THEN [@ EXCEPT !.sequence = e.sequence] ELSE @]
    ELSE IF ~known \/ Granted(s, kp) THEN s
    ELSE
    LET u == IF s.hasGroup THEN UnseatGoing(s, from) ELSE s
        outdated == kp[1] = s.self \/ AttachedLater(u, from, kp) \/ AskedLater(u, from, kp)
        again == from \in DOMAIN u.joins /\ u.joins[from].keyPackage = kp
        references == IF from \in DOMAIN u.joins THEN u.joins[from].references \cup {kp} ELSE {kp}
        granted == IF again THEN u.joins[from].granted ELSE {}
        older == [c \in DOMAIN u.joins |->
                    IF u.joins[c].gone = 0 /\ u.joins[c].keyPackage[1] = kp[1] /\ ~CameLater(u, from, c)
                    THEN [u.joins[c] EXCEPT !.gone = e.sequence] ELSE u.joins[c]]
    IN  [u EXCEPT !.joins = Put(older, from,
            [sequence |-> e.sequence, references |-> references, keyPackage |-> kp,
             gone |-> IF outdated THEN e.sequence ELSE 0, granted |-> granted])]

ForgetOutdated(s) ==
    [s EXCEPT !.joins = [c \in DOMAIN @ |->
        IF @[c].gone = 0 /\ AttachedLater(s, c, @[c].keyPackage) THEN [@[c] EXCEPT !.gone = s.sequence] ELSE @[c]]]

NoteGranted(s) ==
    [s EXCEPT !.joins = [c \in DOMAIN @ |->
        IF Granted(s, @[c].keyPackage) THEN [@[c] EXCEPT !.granted = @ \cup {s.view.group}] ELSE @[c]]]

ForgetGone(s, seen) ==
    [s EXCEPT !.joins = Only(@, {c \in DOMAIN @ : ~(@[c].gone > 0 /\ @[c].gone <= seen)})]

\* ------------------------------------------------------------- Attaching

Arrived(s, e) ==
    IF Present(s, e.from) THEN Alarm(s, "LOG_BROKEN")
    ELSE [s EXCEPT !.peers = Append(@, [id |-> e.from, arrived |-> e.sequence, epochThen |-> s.newestEpoch,
                                        left |-> FALSE, claim |-> NoClaim])]

GoneAt(s, c, sequence) ==
    IF c \in DOMAIN s.joins THEN [s EXCEPT !.joins[c].gone = sequence] ELSE s

Gone(s, e) ==
    LET from == e.from IN
    IF from = s.me THEN
        \* The others are told the same and remove this member, which is no fault of theirs: comes back on another.
        Then([Alarm(s, "LOG_BROKEN") EXCEPT !.seats = IF s.hasGroup THEN Without(@, {s.leaf}) ELSE @],
             [t |-> "disconnect"])
    ELSE IF from \in s.past THEN [s EXCEPT !.past = @ \ {from}]
    ELSE
    LET a == GoneAt([s EXCEPT !.peers = SelectSeq(@, LAMBDA p : p.id # from)], from, e.sequence)
        leaf == LeafOf(a, from)
        \* A seat from before a gap may have been given up in it: the member may be on a connection not yet placed.
        sure == leaf # -1 /\ a.seats[leaf].since > a.entered
        b == IF ~a.hasGroup THEN a ELSE IF sure THEN UnseatGoing(a, from) ELSE Unseat(a, from)
    IN  WaitLess([b EXCEPT !.former = Without(@, {from})])

\* Keys of which one must have signed a leave on this connection.
Author(s, c) ==
    LET leaf == LeafOf(s, c) IN
    IF leaf # -1 /\ leaf \in DOMAIN s.view.roster THEN {s.view.roster[leaf]}
    ELSE IF c \in DOMAIN s.former THEN {s.former[c]} ELSE {}
LeaveKeys(s, c) == Author(s, c) \cup IF c \in DOMAIN s.joins THEN {s.joins[c].keyPackage} ELSE {}

Left(s, e) ==
    LET from == e.from
        proved == e.signer \in LeaveKeys(s, from)
        member == s.hasGroup /\ s.standing # "OVER" /\ LeafOf(s, from) # -1
    IN
    IF member /\ ~proved THEN s
    ELSE
    LET a == GoneAt([s EXCEPT !.peers = [i \in DOMAIN @ |->
                        IF @[i].id = from THEN [@[i] EXCEPT !.left = TRUE] ELSE @[i]]], from, e.sequence)
    IN  IF a.hasGroup THEN UnseatGoing(a, from) ELSE a

\* Whether the member is in the own group's epoch. A commit may have landed while its message was under way: it has
\* seen all that landed since it arrived.
Current(s, from, attach, proved) ==
    /\ proved /\ attach.leaf # s.leaf /\ attach.leaf \in DOMAIN s.view.roster
    /\ IF ~Live(s) THEN attach.epoch = s.view.epoch
       ELSE attach.epoch <= s.view.epoch
            /\ attach.epoch >= (IF Present(s, from) THEN PeerOf(s, from).epochThen ELSE 0)

Proved(s, attach, signer) ==
    s.hasGroup /\ s.view.group = attach.group
    /\ attach.leaf \in DOMAIN s.view.roster /\ s.view.roster[attach.leaf] = signer

\* Another group is alive.
Hear(s, mark) ==
    IF Good(s) /\ mark = MarkOf(s) THEN s
    ELSE
    LET newer == Newer(mark, s.newest) IN
    IF newer /\ mark[1] > s.entered THEN s
    ELSE
    LET a == IF newer THEN HeardNewest(s, mark, 0) ELSE s IN
    IF ~a.hasGroup \/ a.standing = "OVER" THEN a
    ELSE IF Newer(mark, MarkOf(a)) THEN Over(a)
    ELSE [a EXCEPT !.wanted = TRUE]

Attached(s, e) ==
    LET from == e.from
        attach == e.body
        proved == Proved(s, attach, e.signer)
    IN
    IF from = s.me THEN
        IF ~Good(s) \/ attach.group # s.view.group THEN s
        ELSE Seat([s EXCEPT !.timers.FLIGHT = -1], s.leaf, from, e.sequence)
    ELSE IF ~PresentStaying(s, from) THEN s
    ELSE
    LET a == IF Good(s) THEN s
             ELSE [s EXCEPT !.peers = [i \in DOMAIN @ |->
                    IF @[i].id = from THEN [@[i] EXCEPT !.claim = [leaf |-> attach.leaf, sequence |-> e.sequence]]
                    ELSE @[i]]]
    IN
    IF ~a.hasGroup \/ attach.group # a.view.group THEN Hear(a, <<Min(attach.since, e.sequence), attach.group>>)
    ELSE IF ~Good(a) \/ MovedOn(a, attach.leaf, from) THEN a
    ELSE IF ~Current(a, from, attach, proved) THEN [a EXCEPT !.wanted = TRUE]
    ELSE
    LET own == Seated(a, a.leaf) /\ a.seats[a.leaf].since < ArrivedAt(a, from)
        sure == attach.epoch = a.view.epoch \/ own
        b == Seat(a, attach.leaf, from, IF sure THEN e.sequence ELSE a.entered)
        c == IF own THEN SendTo(b, from, AttachBody(b)) ELSE b
    IN  SendState(c, from)

\* A member of the own group tells this one alone where it is.
Sent(s, e) ==
    LET attach == e.body
        proved == Proved(s, attach, e.signer)
    IN
    IF ~Good(s) \/ attach.group # s.view.group \/ e.from = s.me THEN s
    ELSE
    LET a == IF proved THEN [s EXCEPT !.heard = TRUE] ELSE s IN
    IF ~PresentStaying(a, e.from) \/ AsksHere(a, e.from) \/ MovedOn(a, attach.leaf, e.from) THEN a
    ELSE IF Current(a, e.from, attach, proved) THEN Seat(a, attach.leaf, e.from, a.sequence)
    ELSE a

\* Other members who are on no connection, as far as this member knows.
Absent(s) == {l \in DOMAIN s.view.roster : l # s.leaf /\ ~Seated(s, l)}
AbsentGo(s) == [s EXCEPT !.going = @ \cup Absent(s)]

\* Members who are on no connection are gone, once every connection can be placed; see GraceOver.
NoticeAbsent(s) ==
    IF ~Live(s) THEN s
    ELSE IF Absent(s) \subseteq s.going THEN CancelTimer(s, "GRACE")
    ELSE IF \E i \in DOMAIN s.peers :
                /\ s.peers[i].id # s.me /\ ~s.peers[i].left
                /\ LeafOf(s, s.peers[i].id) = -1 /\ ~AsksHere(s, s.peers[i].id)
         THEN IF s.timers.GRACE = -1 THEN SetTimer(s, "GRACE", 0) ELSE s
         ELSE CancelTimer(AbsentGo(s), "GRACE")

\* A live group: founds another, in which nobody is of whom nothing was heard.
GraceOver(s) ==
    IF ~Good(s) THEN s
    ELSE IF ~Live(s) THEN AbsentGo(s)
    ELSE IF s.inFlight = NoFlight THEN Found(s)
    ELSE s

\* ------------------------------------------------------------ Committing

CommitRank(s) ==
    Cardinality({l \in DOMAIN s.seats : l < s.leaf /\ l \notin s.going})

RECURSIVE BySequence(_, _)
BySequence(joins, S) ==
    IF S = {} THEN <<>>
    ELSE LET first == CHOOSE c \in S : \A d \in S : joins[c].sequence <= joins[d].sequence
         IN  <<first>> \o BySequence(joins, S \ {first})

\* Door.sure: whether this member knows the rules that the others may hold it to.
Sure(s) ==
    s.heard \/ \A i \in DOMAIN s.peers :
        s.peers[i].arrived > s.entered \/ s.peers[i].left \/ AsksHere(s, s.peers[i].id)

Work(s) ==
    LET adds == {c \in DOMAIN s.joins :
                    \* What was asked before this member came to be where it is may have been settled while it was away.
                    Sure(s) /\ s.joins[c].sequence > s.entered
                    /\ Pending(s, s.joins[c]) /\ ~Refused(s, s.joins[c].keyPackage[1])}
        rejoining == {s.joins[c].keyPackage[1] : c \in adds}
        removes == {l \in DOMAIN s.view.roster \ {s.leaf} :
                        \/ l \in s.going /\ Mutation # "ForgetGone"
                        \/ s.view.roster[l][1] \in rejoining
                        \/ Mutation = "RekeyRemoves" /\ s.wanted /\ \A other \in DOMAIN s.view.roster : other <= l}
    IN  [adds |-> BySequence(s.joins, adds), removes |-> removes, wanted |-> s.wanted]
AnyOf(work) == work.wanted \/ work.adds # <<>> \/ work.removes # {}
Needed(s) == s.standing = "BROKEN" \/ AnyOf(Work(s))
MembersAfter(s, work) == Cardinality(DOMAIN s.view.roster) + Len(work.adds) - Cardinality(work.removes)

\* The tree as MLS changes it: those removed go, each one added takes the lowest free leaf.
RECURSIVE Add(_, _)
Add(roster, keyPackages) ==
    IF keyPackages = <<>> THEN [roster |-> roster, leaves |-> <<>>]
    ELSE LET leaf == Least((0 .. Cardinality(DOMAIN roster)) \ DOMAIN roster)
             rest == Add(Put(roster, leaf, Head(keyPackages)), Tail(keyPackages))
         IN  [roster |-> rest.roster, leaves |-> <<leaf>> \o rest.leaves]

\* An MLS commit and what travels with it (RoomMessage.Commit).
CommitBody(s, keyPackages, connections, sequences, removes, seats, banned) ==
    LET tree == Add(Without(s.view.roster, removes), keyPackages)
        next == [group |-> s.view.group, epoch |-> s.view.epoch + 1,
                 secret |-> <<s.me, s.logId, s.sequence>>, roster |-> tree.roster]
    IN  [type |-> "commit", since |-> s.since,
         admitted |-> [i \in DOMAIN keyPackages |->
            [connection |-> connections[i], sequence |-> sequences[i], leaf |-> tree.leaves[i]]],
         seats |-> seats, banned |-> banned,
         before |-> s.view.secret, committer |-> s.leaf, added |-> keyPackages, removed |-> removes, next |-> next]

MakeCommit(s, work) ==
    LET adds == work.adds
        nobody == adds = <<>>
        seated == {l \in DOMAIN s.seats : l \notin work.removes /\ s.seats[l].since > s.entered}
        body == CommitBody(s,
                    [i \in DOMAIN adds |-> s.joins[adds[i]].keyPackage], adds,
                    [i \in DOMAIN adds |-> s.joins[adds[i]].sequence],
                    work.removes,
                    IF nobody THEN <<>> ELSE [l \in seated |-> s.seats[l].connection],
                    IF nobody THEN {} ELSE s.banned \cup s.told)
    IN  [s EXCEPT
            !.view = IF Mutation = "AdoptAtOnce" THEN body.next ELSE @,
            !.inFlight = [kind |-> "COMMIT", next |-> body.next],
            !.timers.FLIGHT = 0,
            !.out = Append(@, [t |-> "commit", group |-> s.view.group, epoch |-> s.view.epoch + 1,
                               signer |-> OwnKey(s), seen |-> s.sequence, hash |-> s.chain, body |-> body])]

Act(s) ==
    IF s.inFlight # NoFlight \/ ~s.hasGroup \/ s.standing = "OVER" THEN s
    ELSE IF s.phase # "INSIDE" \/ ~Needed(s) THEN s
    ELSE LET a == CancelTimer(s, "TURN")
             work == Work(a)
             carriedOver == ~Live(a) /\ Mutation # "CommitInCarriedOver"
         IN  IF a.standing = "BROKEN" \/ carriedOver \/ MembersAfter(a, work) < 2 THEN Found(a) ELSE MakeCommit(a, work)

\* Whether there is nothing to do that cannot wait for more newcomers.
Gathering(s) ==
    s.timers.GATHER # -1 /\ s.standing # "BROKEN" /\ LET work == Work(s) IN ~work.wanted /\ work.removes = {}

\* A commit has landed: in a crowd of newcomers the next one waits for more of them.
GatherMore(s, added) ==
    LET waiting == Cardinality({c \in DOMAIN s.joins : Pending(s, s.joins[c])}) IN
    SetTimer(s, "GATHER", IF Max(added, waiting) >= Crowd THEN 0 ELSE -1)

\* At the end of each step: acts if it is this member's turn, waits for its turn, or rests.
Evaluate(s) ==
    IF s.inFlight # NoFlight THEN CancelTimer(s, "TURN")
    ELSE IF ~s.hasGroup \/ s.standing = "OVER" THEN
        LET a == CancelTimer(s, "TURN") IN IF a.asking.set THEN a ELSE Ask(a)
    ELSE
    LET a == IF Good(s) THEN NoticeAbsent(s) ELSE s
        mayAct == a.standing = "BROKEN" \/ Seated(a, a.leaf)
    IN
    IF ~mayAct \/ ~Needed(a) \/ Gathering(a) THEN CancelTimer(a, "TURN")
    ELSE LET rank == CommitRank(a) IN
         IF rank = 0 THEN Act(a)
         ELSE IF a.timers.TURN = -1 \/ a.timers.TURN > rank THEN SetTimer(a, "TURN", rank)
         ELSE a

Renew(s) ==
    IF s.phase = "INSIDE" /\ Good(s) /\ Live(s) /\ s.inFlight = NoFlight /\ Seated(s, s.leaf)
        /\ MembersAfter(s, Work(s)) >= 2
    THEN MakeCommit(s, Work(s)) ELSE s

\* ------------------------------------------------------------------ Judge

\* Whether this member saw the request; or could not have seen it, because it was not there yet.
AskedFor(s, admitted, keyPackage) ==
    \/ admitted.connection \in DOMAIN s.joins /\ keyPackage \in s.joins[admitted.connection].references
    \/ admitted.sequence <= s.entered /\ Mutation # "NoTrust" /\ s.view.epoch - s.entryEpoch <= TrustEpochs

AddRefused(s, body, i) ==
    LET kp == body.added[i] IN
    IF ~AskedFor(s, body.admitted[i], kp) THEN "GHOST_ADDED"
    ELSE IF kp[1] \in s.banned THEN "COMMIT_INVALID"
    ELSE "good"

RemoveRefused(s, e, body, leaf) ==
    LET seat == s.seats[leaf]
        who == s.view.roster[leaf][1]
    IN
    IF leaf \notin DOMAIN s.view.roster THEN "COMMIT_INVALID"
    ELSE IF ~Seated(s, leaf) \/ leaf \in s.going THEN "good"
    ELSE IF seat.since > e.seen \/ seat.since <= s.entered THEN "good"
    ELSE IF MemberLeaf(body.next.roster, who) # {} THEN "good"
    ELSE IF \E i \in DOMAIN body.admitted :
                LET c == body.admitted[i].connection IN c \in DOMAIN s.joins /\ s.joins[c].keyPackage[1] = who
         THEN "good"
    ELSE "WRONGLY_REMOVED"

\* "good", or the alarm with which another member's commit is refused. MLS has found it valid before.
Check(s, e, body) ==
    LET adds == {AddRefused(s, body, i) : i \in DOMAIN body.added} \ {"good"}
        removes == {RemoveRefused(s, e, body, l) : l \in body.removed} \ {"good"}
    IN
    IF Refused(s, s.view.roster[body.committer][1]) THEN "COMMIT_INVALID"
    ELSE IF body.since # s.since \/ e.seen >= e.sequence \/ e.seen < s.at THEN "COMMIT_INVALID"
    ELSE IF Mutation = "NoJudge" THEN "good"
    ELSE IF adds # {} /\ Mutation # "NoCheckOfAdds" THEN CHOOSE a \in adds : TRUE
    ELSE IF removes # {} /\ Mutation # "NoCheckOfRemoves" THEN CHOOSE r \in removes : TRUE
    ELSE "good"

\* ---------------------------------------------------------------- Commits

IsNext(s, e) == Good(s) /\ Live(s) /\ e.group = s.view.group /\ e.epoch = s.view.epoch + 1

\* The next commit of the own group must not be followed: its members found another group.
Refuse(s, alarm, offender) ==
    LET a == [DiscardInFlight(Alarm(s, alarm)) EXCEPT !.timers.GRACE = -1, !.standing = "BROKEN"] IN
    IF offender = -1 \/ offender = s.leaf \/ offender \notin DOMAIN s.view.roster THEN a
    ELSE [a EXCEPT !.banned = @ \cup {s.view.roster[offender][1]}, !.seats = Without(@, {offender})]

RECURSIVE UnseatAll(_, _)
UnseatAll(s, S) == IF S = {} THEN s ELSE LET c == CHOOSE x \in S : TRUE IN UnseatAll(Unseat(s, c), S \ {c})

\* This member is in another group now.
Begin(s, view, leaf, since) ==
    LET a == IF s.hasGroup THEN UnseatAll(s, {s.seats[l].connection : l \in DOMAIN s.seats}) ELSE s IN
    [a EXCEPT !.former = Without(@, {s.me}), !.hasGroup = TRUE, !.view = view, !.leaf = leaf, !.since = since,
              !.at = s.sequence, !.heard = TRUE, !.entryEpoch = view.epoch, !.standing = "GOOD", !.seats = <<>>, !.going = {}, !.wanted = FALSE,
              !.asking = NoAsking, !.timers.ADMISSION = -1, !.timers.TURN = -1, !.timers.GATHER = -1, !.timers.GRACE = -1]

Founded(s, e) ==
    LET own == e.from = s.me /\ FoundInFlight(s) IN
    IF e.epoch # 0 \/ (~own /\ Refused(s, e.body.keyPackage[1])) THEN Alarm(s, "COMMIT_INVALID")
    ELSE
    LET a == HeardNewest(s, <<e.sequence, e.group>>, 0)
        b == [a EXCEPT !.joins = Without(@, {e.from})]
    IN
    IF own THEN
        LET c == [b EXCEPT !.inFlight = NoFlight, !.timers.FLIGHT = -1]
        IN  Seat(Begin(c, s.inFlight.next, 0, e.sequence), 0, s.me, e.sequence)
    ELSE
    IF Mutation = "StayInOlderGroup" THEN b
    ELSE
    LET c == Over(IF b.hasGroup THEN Unseat(b, e.from) ELSE b) IN
    IF ~c.asking.set \/ FoundInFlight(c) THEN c
    ELSE Wait(IF ArrivedAt(c, e.from) > c.asking.sequence THEN AskAgain(c) ELSE c)

\* Attaches a member on its connection, if that is still there.
Place(s, leaf, c, since) == IF PresentStaying(s, c) THEN Seat(s, leaf, c, since) ELSE [s EXCEPT !.going = @ \cup {leaf}]

RECURSIVE SeatAdmitted(_, _, _)
SeatAdmitted(s, e, admitted) ==
    IF admitted = <<>> THEN s
    ELSE
    LET a == Head(admitted)
        t == IF a.leaf \notin DOMAIN s.view.roster THEN s
             ELSE IF AsksHere(s, a.connection) THEN [s EXCEPT !.going = @ \cup {a.leaf}]
             ELSE Place(s, a.leaf, a.connection, IF a.sequence > s.entered THEN e.sequence ELSE s.entered)
    IN  SeatAdmitted(t, e, Tail(admitted))

RECURSIVE Greet(_, _, _, _)
Greet(s, placed, admitted, i) ==
    IF i > Len(admitted) THEN s
    ELSE
    LET c == admitted[i].connection
        a == IF ~placed /\ Seated(s, s.leaf) THEN SendTo(s, c, AttachBody(s)) ELSE s
    IN  Greet(IF ~Present(s, c) \/ c = s.me THEN s ELSE SendState(a, c), placed, admitted, i + 1)

\* The own group's next epoch is in force.
Adopted(s, e, next) ==
    LET body == e.body
        leaving == {l \in DOMAIN s.view.roster : l \notin DOMAIN next.roster \/ next.roster[l] # s.view.roster[l]}
        a == [s EXCEPT !.seats = Without(@, leaving), !.going = @ \ leaving, !.view = next,
                           !.at = e.sequence]
        b == [HeardNewest(a, MarkOf(a), next.epoch) EXCEPT !.wanted = Mutation = "AlwaysWanted", !.timers.TURN = -1]
        c == SeatAdmitted(NoteGranted(b), e, body.admitted)
        d == GatherMore(ForgetOutdated(ForgetGone(c, e.seen)), Len(body.admitted))
        placed == s.leaf \in DOMAIN body.seats /\ body.seats[s.leaf] = s.me
    IN  Greet(d, placed, body.admitted, 1)

\* Shell and RoomMachine.reading: how this member reads a commit.
Reading(s, e) ==
    LET body == e.body
        own == IsNext(s, e)
        sent == s.inFlight.kind = "COMMIT" /\ s.inFlight.next.group = e.group /\ s.inFlight.next.epoch = e.epoch
        admitted == {i \in DOMAIN body.admitted : body.admitted[i].connection = s.me}
    IN
    IF e.from \in s.past THEN "FOREIGN"
    ELSE IF own THEN
        IF sent /\ e.from = s.me THEN IF body.next = s.inFlight.next THEN "OWN" ELSE "CHANGED"
        ELSE IF body.before # s.view.secret /\ Mutation # "StageAnything" THEN "UNUSABLE"
        ELSE IF body.committer = s.leaf \/ body.committer \notin DOMAIN s.view.roster THEN "UNUSABLE"
        ELSE IF s.view.roster[body.committer] # e.signer THEN "BAD_SIGNATURE"
        ELSE "STAGED"
    ELSE IF s.asking.set /\ ~FoundInFlight(s) /\ admitted # {} THEN
        IF \E i \in admitted : body.added[i] = <<s.self, s.drafts>> THEN "WELCOMED" ELSE "UNUSABLE"
    ELSE "FOREIGN"

OwnNext(s, e) ==
    LET body == e.body
        reading == Reading(s, e)
    IN
    CASE reading = "OWN" ->
            Adopted([s EXCEPT !.inFlight = NoFlight, !.timers.FLIGHT = -1], e, s.inFlight.next)
      [] reading = "STAGED" ->
            LET verdict == Check(s, e, body)
                removesMe == s.leaf \in body.removed
            IN  IF verdict # "good" THEN Refuse(s, verdict, body.committer)
                ELSE IF removesMe /\ Mutation # "RemovedKeepsKey" THEN Over(s)
                ELSE LET d == DiscardInFlight(s) IN
                     Adopted(IF MovedOn(d, body.committer, e.from) THEN d
                             ELSE Seat(d, body.committer, e.from, e.sequence), e, body.next)
      [] reading = "CHANGED" -> Refuse(s, "ENVELOPE_INVALID", -1)
      [] reading = "BAD_SIGNATURE" -> Refuse(s, "SIGNATURE_INVALID", -1)
      [] reading = "UNUSABLE" -> Over(Alarm(s, "COMMIT_INVALID"))
      [] OTHER -> Over(s)

AnswersLatest(s, body) ==
    s.asking.sequence > 0
    /\ \E i \in DOMAIN body.admitted :
        body.admitted[i].connection = s.me /\ body.admitted[i].sequence >= s.asking.sequence

HeardCommit(s, e, mark, newest) ==
    LET a == Hear(s, mark)
        body == e.body
        b == [a EXCEPT !.joins = [c \in DOMAIN @ |->
                IF \E i \in DOMAIN body.admitted :
                    body.admitted[i].connection = c /\ @[c].sequence <= body.admitted[i].sequence
                THEN [@[c] EXCEPT !.granted = @ \cup {mark[2]}] ELSE @[c]]]
        c == IF b.newest = mark THEN HeardNewest(b, mark, e.epoch) ELSE b
    IN  IF newest THEN SeeCommit(c, e.seen) ELSE c

\* What the committer knew of a leaf holds from its commit on; but not for sure if the member said after what the
\* committer had seen that it is elsewhere.
SeatedSince(s, e, leaf) ==
    IF \E i \in DOMAIN s.peers : s.peers[i].claim.leaf = leaf /\ s.peers[i].claim.sequence > e.seen
    THEN s.entered ELSE e.sequence

RECURSIVE TakeSeats(_, _, _)
TakeSeats(s, e, leaves) ==
    IF leaves = {} THEN s
    ELSE
    LET leaf == Least(leaves)
        c == e.body.seats[leaf]
        t == IF c = s.me \/ leaf \notin DOMAIN s.view.roster THEN s
             ELSE IF AsksHere(s, c) \/ (Present(s, c) /\ PeerOf(s, c).left) THEN [s EXCEPT !.going = @ \cup {leaf}]
             ELSE IF Present(s, c) THEN Seat(s, leaf, c, SeatedSince(s, e, leaf))
             ELSE s
    IN  TakeSeats(t, e, leaves \ {leaf})

\* This member is admitted.
Welcomed(s, e) ==
    LET body == e.body
        mark == <<body.since, e.group>>
        credible == body.since > 0 /\ (s.newest = mark \/ body.since <= s.entered)
        kp == <<s.self, s.drafts>>
        leaf == CHOOSE l \in DOMAIN body.next.roster : body.next.roster[l] = kp
    IN
    IF ~credible THEN Alarm(s, "COMMIT_INVALID")
    ELSE
    LET a == HeardNewest(s, mark, e.epoch)
        b == NoteGranted(Begin(a, body.next, leaf, body.since))
        c == TakeSeats([b EXCEPT !.told = @ \cup body.banned], e, DOMAIN body.seats)
        d == ForgetOutdated(SeatAdmitted(c, e, body.admitted))
    IN  PostState(GatherMore(Seat(d, leaf, s.me, e.sequence), Len(body.admitted)))

Commit(s, e) ==
    IF Good(s) /\ Live(s) /\ e.group = s.view.group THEN
        IF IsNext(s, e) THEN OwnNext(s, e)
        ELSE IF e.epoch > s.view.epoch + 1 THEN Over(s)
        ELSE IF Mutation = "FollowOldCommits" /\ e.body.before # s.view.secret /\ s.leaf \notin e.body.removed
             THEN Adopted(s, e, e.body.next)
        ELSE Alarm(s, "LOG_BROKEN")
    ELSE
    LET body == e.body
        mark == <<Min(body.since, e.sequence), e.group>>
        newest == ~Newer(s.newest, mark)
        awaited == newest /\ s.asking.set /\ ~FoundInFlight(s)
        reading == Reading(s, e)
    IN
    CASE reading = "WELCOMED" -> IF awaited THEN Welcomed(s, e) ELSE Hear(s, mark)
      [] reading = "UNUSABLE" ->
            IF ~awaited THEN Hear(s, mark)
            ELSE IF AnswersLatest(s, body) THEN WelcomeFailed(s)
            ELSE Wait(s)
      [] OTHER -> HeardCommit(s, e, mark, newest)

\* ------------------------------------------------------------- Connecting

Enter(s) ==
    IF s.phase # "OUTSIDE" THEN s ELSE Then([s EXCEPT !.phase = "CONNECTING"], [t |-> "connect"])

Leave(s) ==
    LET asking == s.asking.set
        a == IF s.phase = "INSIDE" /\ (s.hasGroup \/ asking)
             THEN Post(s, IF asking THEN <<s.self, s.asked>> ELSE OwnKey(s), [type |-> "leave"]) ELSE s
    IN  End(a)

Disconnected(s) ==
    IF s.phase \notin {"CONNECTING", "INSIDE"} THEN s
    ELSE
    LET a == [DiscardInFlight(s) EXCEPT !.timers = NoTimers, !.asking = NoAsking, !.underWay = 0,
                                        !.phase = "CONNECTING",
                                        !.failures = IF s.everInside THEN 0 ELSE @ + 1]
    IN  IF ~a.everInside /\ a.failures >= Attempts THEN End(a) ELSE SetTimer(a, "RECONNECT", 0)

\* Back where it was: what happened meanwhile is not known.
SameLog(s, e) ==
    LET present == {e.present[i] : i \in DOMAIN e.present}
        keep == [s EXCEPT
            !.past = (@ \cup {s.me}) \cap present,
            !.peers = SelectSeq(@, LAMBDA p : p.id # s.me /\ p.id \in present),
            !.joins = IF Good(s) THEN Only(@, present) ELSE <<>>,
            !.former = Only(@, present),
            !.going = {}]
        seats == IF s.hasGroup THEN Without(s.seats, {s.leaf}) ELSE s.seats
    IN  [keep EXCEPT !.seats = Only(seats, {l \in DOMAIN seats : seats[l].connection \in present})]

\* The server knows nothing of what was: the group lives on in its members' hands.
NewLog(s) ==
    [s EXCEPT !.past = {}, !.peers = <<>>, !.joins = <<>>, !.former = <<>>, !.seats = <<>>, !.going = {},
              !.banned = {}, !.told = {}, !.newest = NoMark, !.newestEpoch = 0,
              !.at = 0, !.since = IF Mutation = "KeepAgeOverLogs" THEN @ ELSE 0]

Entered(s, e) ==
    IF s.phase # "CONNECTING" THEN s
    ELSE
    LET a == [s EXCEPT !.timers.RECONNECT = -1, !.phase = "INSIDE", !.everInside = TRUE, !.failures = 0]
        sameId == a.hasLog /\ a.logId = e.log
        rolledBack == sameId /\ e.sequence < a.sequence
        same == sameId /\ ~rolledBack
        b == IF rolledBack THEN Alarm(a, "LOG_BROKEN") ELSE a
        c == IF same THEN SameLog(b, e) ELSE NewLog(b)
        d == [c EXCEPT !.hasLog = TRUE, !.logId = e.log, !.me = e.me, !.entered = e.sequence,
                       !.sequence = e.sequence, !.chain = e.hash]
        epochThen == IF Good(d) /\ Live(d) THEN d.view.epoch ELSE 0
        new == SelectSeq(e.present, LAMBDA id : ~Present(d, id) /\ id \notin d.past)
        f == [d EXCEPT !.peers = @ \o [i \in DOMAIN new |->
                [id |-> new[i], arrived |-> 0, epochThen |-> epochThen, left |-> FALSE, claim |-> NoClaim]]]
    IN
    IF ~f.hasGroup \/ f.standing = "OVER" THEN IF f.peers = <<>> THEN Found(f) ELSE Ask(f)
    ELSE IF f.standing = "GOOD" THEN
        LET g == [f EXCEPT !.heard = FALSE, !.entryEpoch = f.view.epoch, !.timers.FLIGHT = 0,
                           !.timers.GRACE = IF Live(f) THEN @ ELSE 0]
            attach == [t |-> "post", signer |-> OwnKey(g), seen |-> g.sequence, hash |-> g.chain, body |-> AttachBody(g)]
        IN  Then(g,
                IF sameId /\ Mutation # "AttachAsTold"
                \* What it saw before it lost its connection, not what it is told now that the log is.
                THEN [attach EXCEPT !.seen = s.sequence, !.hash = s.chain]
                ELSE attach)
    ELSE f

\* ------------------------------------------------------------ RoomMachine

Rekey(s) ==
    IF ~Good(s) THEN s
    ELSE IF s.phase = "INSIDE" /\ Seated(s, s.leaf) THEN Post(s, OwnKey(s), [type |-> "rekey"])
    ELSE [s EXCEPT !.wanted = TRUE]

Fired(s, timer) ==
    IF s.timers[timer] = -1 THEN s
    ELSE
    LET a == CancelTimer(s, timer) IN
    CASE timer = "RECONNECT" -> Then(a, [t |-> "connect"])
      [] timer = "FLIGHT" -> Then(a, [t |-> "disconnect"])
      [] timer = "ADMISSION" -> IF Mutation = "NobodyFounds" THEN a ELSE Found(a)
      [] timer = "GRACE" -> GraceOver(a)
      [] timer = "TURN" -> Act(a)
      [] timer = "GATHER" -> a

\* The winner's entry comes before this. It would have been adopted, so it came before this connection.
Lost(s, e) ==
    IF s.inFlight.kind # "COMMIT" THEN s
    ELSE IF s.inFlight.next.group # e.group \/ s.inFlight.next.epoch # e.epoch THEN s
    ELSE Over(DiscardInFlight(s))

\* Reader.open: how the sender's view of the log compares with this client's. The hash is abstracted to the set of
\* places <<sequence, lie>> up to there at which the log that somebody was shown differs from the first one.
View(s, frame, head) ==
    IF frame.seen > head THEN "AHEAD"
    ELSE IF frame.seen < s.entered THEN "UNKNOWN"
    ELSE IF {d \in s.chain : d[1] <= frame.seen} = frame.hash THEN "SAME"
    ELSE "FORKED"

Bad(view) == CASE view = "AHEAD" -> "LOG_WITHHELD" [] view = "FORKED" -> "LOG_FORKED"

Message(s, e) ==
    LET type == e.body.type IN
    CASE type = "join" -> JoinAsked(s, e)
      [] type = "attach" -> Attached(s, e)
      [] type = "leave" -> Left(s, e)
      [] type = "rekey" -> IF e.signer \in Author(s, e.from) THEN [s EXCEPT !.wanted = s.hasGroup] ELSE s
      [] OTHER -> s

\* A frame that the server made up, changed or repeated does not open.
Opens(s, e) ==
    IF e.body.type = "garbage" THEN "ENVELOPE_INVALID"
    ELSE LET view == View(s, e, s.sequence) IN
         IF view \in {"AHEAD", "FORKED"} /\ Mutation # "NoLogHash" THEN Bad(view) ELSE "opens"

Entry(s, e) ==
    IF e.sequence # s.sequence + 1 THEN End(Alarm(s, "LOG_BROKEN"))
    ELSE
    LET opens == IF e.t \in {"message", "commit"} THEN Opens(s, e) ELSE "opens"
        a == [s EXCEPT !.sequence = e.sequence, !.chain = e.chain]
    IN
    CASE e.t = "arrived" -> Arrived(a, e)
      [] e.t = "gone" -> Gone(a, e)
      [] e.t = "message" -> IF opens = "opens" THEN Message(a, e) ELSE Alarm(a, opens)
      [] e.t = "commit" ->
            IF opens # "opens" THEN IF IsNext(a, e) THEN Refuse(a, opens, -1) ELSE Alarm(a, opens)
            ELSE IF e.body.type = "found" THEN Founded(a, e) ELSE Commit(a, e)

\* One step of the machine.
Step(s, e) ==
    IF s.phase = "ENDED" THEN s
    ELSE
    LET after == TLCEval(
        CASE e.t = "enter" -> Enter(s)
          [] e.t = "leave" -> Leave(s)
          [] e.t = "rekey" -> Rekey(s)
          [] e.t = "renew" -> Renew(s)
          [] e.t = "entered" -> Entered(s, e)
          [] e.t = "closed" -> Disconnected(s)
          [] e.t = "lost" -> Lost(s, e)
          [] e.t = "fired" -> Fired(s, e.timer)
          [] e.t = "sent" ->
                IF s.phase # "INSIDE" THEN s
                ELSE IF Opens(s, e) # "opens" THEN Alarm(s, Opens(s, e))
                ELSE IF e.body.type = "attach" THEN Sent(s, e) ELSE s
          [] e.t \in {"arrived", "gone", "message", "commit"} -> IF s.phase = "INSIDE" THEN Entry(s, e) ELSE s)
    IN  TLCEval(IF after.phase = "INSIDE" THEN Evaluate(after) ELSE after)
=============================================================================
