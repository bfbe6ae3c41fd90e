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
    Maker,          \* who made the room: member or not, the link names this identity
    Talk,           \* whether messages that the machine ignores (tracks) are sent: they only number the log
    TrustEpochs     \* RoomMachine.TRUST_EPOCHS

PassedOver == 4         \* RoomMachine.PASSED_OVER
PassedOverEnd == 24     \* RoomMachine.PASSED_OVER_END
WelcomeFailures == 5    \* RoomMachine.WELCOME_FAILURES
Crowd == 3              \* RoomMachine.CROWD
Attempts == 4           \* RoomMachine.ATTEMPTS
AdmissionRanks == 6     \* RoomMachine.ADMISSION_RANKS
Tellers == 3            \* Door.TELLERS
Unknown == 1000000      \* Accord.UNKNOWN

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
NoAsking == [set |-> FALSE, sequence |-> 0, rank |-> 0, passedOver |-> 0, failures |-> 0, last |-> FALSE]
NoFlight == [kind |-> "NONE"]
NoClaim == [leaf |-> -1, sequence |-> 0]
\* Timers hold the rank that their delay is made of; -1 is not set. All but TURN and ADMISSION have one delay.
NoTimers == [TURN |-> -1, GATHER |-> -1, ADMISSION |-> -1, GRACE |-> -1, FLIGHT |-> -1, RECONNECT |-> -1]

\* RoomRules: the statement in force. The maker's have number 0; those of hosts the maker's term. Before any: open.
NoRules == [term |-> 0, number |-> 0, author |-> 0, locked |-> FALSE, removed |-> {}, hosts |-> {}]
\* What a commit hands on to those whom it adds (RoomEvent.Handed).
NothingHanded == [some |-> FALSE, rules |-> NoRules, passes |-> {}, complete |-> FALSE]

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
     \* Accord: rules; from where in this log on everybody knows them; whether a member has told its rules since this one
     \* was away (until then it lets nobody in); who may come in while the room is locked, and whether those are all; the
     \* latest answer of a host to somebody who waits; whose removal was taken back
     rules |-> NoRules, rulesSince |-> Unknown, heard |-> TRUE, passes |-> {}, complete |-> TRUE, latestAdmit |-> 0,
     spared |-> {},
     \* LogState.ignored: groups founded by people whom the rules kept out
     ignored |-> <<>>,
     former |-> <<>>, asking |-> NoAsking, underWay |-> 0, inFlight |-> NoFlight, timers |-> NoTimers,
     \* the session's part: KeyPackages drawn so far, the one asked with
     drafts |-> 0, asked |-> 0, said |-> NoRules,
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
    [type |-> "attach", group |-> s.view.group, epoch |-> s.view.epoch, leaf |-> s.leaf, since |-> s.since,
     rules |-> s.rules]

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
                               body |-> [type |-> "found", keyPackage |-> kp, rules |-> s.rules]])]

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

\* ---------------------------------------------------- RoomRules and Accord

\* First the maker's term, then the number; of two hosts' with one number either, but the same everywhere.
RulesNewer(a, b) ==
    \/ a.term > b.term
    \/ a.term = b.term /\ (a.number > b.number \/ (a.number = b.number /\ a.author > b.author))

\* Nobody is a host before the maker has said anything. Hosts cannot be removed while they are hosts.
IsHost(r, m) == r.term > 0 /\ (m = Maker \/ m \in r.hosts)
RemovedBy(r, m) == m \in r.removed /\ ~IsHost(r, m)

\* Whether the rules keep this one out. A member comes once, so that a pass is a member.
Bars(s, m) ==
    \/ (RemovedBy(s.rules, m) /\ Mutation # "LetRemovedIn")
    \/ (s.rules.locked /\ ~IsHost(s.rules, m) /\ m \notin s.passes /\ Mutation # "NoLock")
Barred(s) == Bars(s, s.self)

\* Whether everybody who is present knows the rules by the log, as somebody who has seen it up to there does.
KnownAt(s, sequence) == s.rulesSince <= sequence
\* Whether somebody who has seen the log up to there may take this one for one whom a host removed.
Spared(s, m, seen) == m \in s.spared /\ ~KnownAt(s, seen)
RemovedLeaf(s, l) == l \in DOMAIN s.view.roster /\ RemovedBy(s.rules, s.view.roster[l][1])

\* ------------------------------------------------------------- Admission

\* How many arrived before this client.
AdmissionRank(s) ==
    LET own == {i \in DOMAIN s.peers : s.peers[i].id = s.me}
    IN  Min(IF own = {} THEN Len(s.peers) ELSE Least(own) - 1, AdmissionRanks)

Wait(s) ==
    LET rank == AdmissionRank(s) IN
    [s EXCEPT !.asking = IF @.set THEN [@ EXCEPT !.rank = rank, !.last = FALSE] ELSE @, !.timers.ADMISSION = rank]

PostJoin(s, fresh) ==
    LET d == IF fresh THEN [s EXCEPT !.drafts = @ + 1, !.asked = s.drafts + 1] ELSE s
        kp == <<s.self, d.asked>>
    IN  Post([d EXCEPT !.underWay = @ + 1], kp, [type |-> "join", keyPackage |-> kp])

Ask(s) ==
    Wait(PostJoin([s EXCEPT !.asking = [set |-> TRUE, sequence |-> 0, rank |-> AdmissionRank(s),
                                        passedOver |-> 0, failures |-> 0, last |-> FALSE]], TRUE))

WaitLess(s) ==
    IF ~s.asking.set \/ FoundInFlight(s) THEN s
    ELSE IF \A i \in DOMAIN s.peers : s.peers[i].id = s.me THEN IF Barred(s) THEN s ELSE Found(s)
    ELSE IF AdmissionRank(s) < s.asking.rank THEN Wait(s)
    ELSE s

\* The same request again, for those who came after it.
AskAgain(s) ==
    IF ~s.asking.set \/ s.asking.sequence = 0 THEN s
    ELSE PostJoin([s EXCEPT !.asking.sequence = 0, !.asking.last = FALSE], FALSE)

\* Asks again if somebody came since, who may be a host and does not know of the request.
AskThoseWhoCame(s) ==
    IF s.asking.set /\ \E i \in DOMAIN s.peers : s.peers[i].arrived > s.asking.sequence THEN AskAgain(s) ELSE s

\* Nobody has admitted this member in time: asks for the last time, unless it has to wait for a host.
TimeOut(s) ==
    IF Barred(s) THEN Wait(AskThoseWhoCame(s))
    ELSE PostJoin([s EXCEPT !.asking.sequence = 0, !.asking.last = TRUE], FALSE)

\* All own requests are in the log up to here: founds a group if nobody has answered the last one. Whoever reads late
\* may have been admitted long ago.
HaveAsked(s, sequence) ==
    IF ~s.asking.set THEN s
    ELSE LET a == [s EXCEPT !.asking.sequence = sequence] IN
         IF ~a.asking.last \/ FoundInFlight(a) THEN a
         ELSE IF Barred(a) THEN Wait(a) ELSE Found(a)

\* A commit of the newest group landed.
SeeCommit(s, seen, adds) ==
    IF ~s.asking.set \/ FoundInFlight(s) THEN s
    ELSE IF Barred(s) THEN Wait(IF adds THEN AskAgain(s) ELSE s)
    ELSE IF ~(s.asking.sequence > 0 /\ seen >= s.asking.sequence) THEN Wait(s)
    ELSE LET times == s.asking.passedOver + 1
             a == [s EXCEPT !.asking.passedOver = times]
         IN  IF times >= PassedOverEnd THEN End(s)
             ELSE Wait(IF times % PassedOver = 0 THEN AskAgain(a) ELSE a)

WelcomeFailed(s) ==
    LET failures == s.asking.failures + 1 IN
    IF failures >= WelcomeFailures THEN End(s)
    ELSE LET a == Ask(s) IN
         [a EXCEPT !.asking = IF @.set THEN [@ EXCEPT !.sequence = 0, !.passedOver = 0, !.failures = failures, !.last = FALSE]
                              ELSE @]

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

\* The designated committer is rank 0.
CommitRank(s) ==
    Cardinality({l \in DOMAIN s.seats : l < s.leaf /\ l \notin s.going /\ ~RemovedLeaf(s, l)})

HostThere(s) == \E l \in DOMAIN s.seats \cap DOMAIN s.view.roster : IsHost(s.rules, s.view.roster[l][1])

\* Door.tell: why a connection that asked, or founded a group, is not let in.
Tell(s, c) ==
    IF Good(s) /\ Seated(s, s.leaf) /\ (CommitRank(s) < Tellers \/ IsHost(s.rules, s.self))
    THEN SendTo(s, c, [type |-> "wait", host |-> HostThere(s), rules |-> s.rules]) ELSE s

JoinAsked(s, e) ==
    LET from == e.from
        kp == e.body.keyPackage
        known == Present(s, from) \/ from \in s.past
    IN
    IF from = s.me THEN
        \* One that was repeated before it was granted can come after this member had to ask anew.
        LET left == Max(0, s.underWay - 1)
            a == [s EXCEPT !.underWay = left]
        IN  IF left = 0 THEN HaveAsked(a, e.sequence) ELSE a
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
        asks == [u EXCEPT !.joins = Put(older, from,
            [sequence |-> e.sequence, references |-> references, keyPackage |-> kp,
             gone |-> IF outdated THEN e.sequence ELSE 0, granted |-> granted])]
    IN  IF Bars(asks, kp[1]) THEN Tell(asks, from) ELSE asks

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
    LET newer == Newer(mark, s.newest)
        ignored == mark \in DOMAIN s.ignored
    IN
    IF ignored /\ Bars(s, s.ignored[mark]) THEN s
    ELSE IF newer /\ ~ignored /\ mark[1] > s.entered THEN s
    ELSE
    LET a == IF newer THEN HeardNewest(s, mark, 0) ELSE s IN
    IF ~a.hasGroup \/ a.standing = "OVER" THEN a
    ELSE IF Newer(mark, MarkOf(a)) THEN Over(a)
    ELSE [a EXCEPT !.wanted = TRUE]

\* ------------------------------------------------------------------ Door

\* Whether this member knows the rules that the others may hold it to.
Sure(s) ==
    s.heard \/ Mutation = "AddUnsure" \/ \A i \in DOMAIN s.peers :
        s.peers[i].arrived > s.entered \/ s.peers[i].left \/ AsksHere(s, s.peers[i].id)

\* Whoever is a member while the room is locked may come back into it.
AdmitMembers(s) ==
    IF Good(s) /\ s.rules.locked
    THEN [s EXCEPT !.passes = @ \cup {s.view.roster[l][1] : l \in DOMAIN s.view.roster}] ELSE s

Newly(s, rules) ==
    /\ s.phase # "ENDED"
    /\ RulesNewer(rules, s.rules) \/ (Mutation = "TakeAnyRules" /\ rules # s.rules /\ rules # NoRules)
Take(s, rules, member, fresh) ==
    IF ~Newly(s, rules) THEN s
    ELSE
    LET was == {m \in s.rules.removed : RemovedBy(s.rules, m)}
        a == [s EXCEPT !.spared = {m \in @ \cup was : ~RemovedBy(rules, m)}, !.rules = rules, !.rulesSince = Unknown]
        b == IF ~rules.locked THEN [a EXCEPT !.passes = {}, !.complete = TRUE]
             ELSE IF ~fresh \/ ~Good(a) \/ ~Sure(a) THEN [a EXCEPT !.passes = {}, !.complete = FALSE]
             ELSE a
        astray == Good(b) /\ Cardinality(DOMAIN b.view.roster) = 1 /\ ~member /\ Barred(b)
    IN  IF RemovedBy(rules, s.self) /\ Mutation # "KeepRemoved" THEN End(b)
        ELSE AdmitMembers(IF astray THEN Over(b) ELSE b)

\* In the log, where everybody present hears them. (Where nobody has set any the code notes a place, too.)
HeardInLog(s, rules, member, fresh) ==
    LET newer == Newly(s, rules)
        a == Take(s, rules, member, fresh)
        b == IF rules # NoRules /\ rules = a.rules THEN [a EXCEPT !.rulesSince = Min(@, s.sequence)] ELSE a
    IN  IF newer /\ ~member /\ Good(b) THEN [b EXCEPT !.wanted = TRUE] ELSE b

\* Posts what this member knows, for those who may not.
TellEverybody(s) ==
    IF s.phase = "INSIDE" /\ Good(s) /\ Seated(s, s.leaf)
    THEN Post(s, OwnKey(s), [type |-> "told", rules |-> s.rules, fresh |-> FALSE]) ELSE s

HeardAlone(s, rules, member) ==
    LET a == Take(s, rules, member, FALSE) IN IF Newly(s, rules) THEN TellEverybody(a) ELSE a

\* A host has let somebody in who waits.
AdmitHeard(s, e) ==
    IF ~IsHost(s.rules, e.body.author) THEN
        IF Good(s) /\ Live(s) /\ s.heard /\ KnownAt(s, e.seen) /\ s.rulesSince > s.entered
        THEN Alarm(s, "RULES_INVALID") ELSE s
    ELSE [s EXCEPT !.latestAdmit = s.sequence, !.passes = IF s.rules.locked THEN @ \cup {e.body.pass} ELSE @]

ToldToWait(s, e) ==
    LET rules == e.body.rules
        a == Take(s, rules, FALSE, FALSE)
        locked == a.rules.locked /\ rules = a.rules
        \* Others are here, do not count this member as one of them, and did not follow the group that it founded.
        alone == Good(a) /\ Cardinality(DOMAIN a.view.roster) = 1
        outside == ~a.hasGroup \/ a.standing = "OVER"
        \* It may have its pass from a group of people who were outside, too: those inside know better.
        b == IF locked /\ (alone \/ outside) THEN [a EXCEPT !.passes = @ \ {a.self}] ELSE a
        c == IF locked /\ alone /\ Barred(b) THEN Over(b) ELSE b
    IN  IF a.phase = "ENDED" THEN a
        ELSE IF (~c.hasGroup \/ c.standing = "OVER") /\ Barred(c) /\ e.body.host THEN AskThoseWhoCame(c)
        ELSE c

RECURSIVE TellAll(_, _)
TellAll(s, connections) ==
    IF connections = <<>> THEN s
    ELSE LET c == Head(connections)
             waits == AsksHere(s, c) /\ Bars(s, s.joins[c].keyPackage[1])
         IN  TellAll(IF waits THEN Tell(s, c) ELSE s, Tail(connections))

\* Those who wait hear when the rules change, or the first host comes or the last one goes.
TellChanges(before, s) ==
    LET same == before.rules = s.rules /\ before.hasGroup /\ HostThere(before) = HostThere(s) IN
    IF ~s.rules.locked \/ ~Good(s) \/ same THEN s
    ELSE TellAll(s, [i \in DOMAIN s.peers |-> s.peers[i].id])

\* ------------------------------------------------------------- Attaching

AttachedAs(s, e, proved) ==
    LET from == e.from
        attach == e.body
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

Attached(s, e) ==
    LET proved == Proved(s, e.body, e.signer)
        a == HeardInLog(s, e.body.rules, proved, FALSE)
    IN  IF a.phase = "ENDED" THEN a ELSE AttachedAs(a, e, proved)

\* A member of the own group tells this one alone where it is.
SentAs(s, e, proved) ==
    LET attach == e.body IN
    IF s.phase = "ENDED" \/ ~Good(s) \/ attach.group # s.view.group \/ e.from = s.me THEN s
    ELSE
    LET a == IF proved THEN [s EXCEPT !.heard = TRUE] ELSE s IN
    IF ~PresentStaying(a, e.from) \/ AsksHere(a, e.from) \/ MovedOn(a, attach.leaf, e.from) THEN a
    ELSE IF Current(a, e.from, attach, proved) THEN Seat(a, attach.leaf, e.from, a.sequence)
    ELSE a

Sent(s, e) ==
    LET proved == Proved(s, e.body, e.signer) IN SentAs(HeardAlone(s, e.body.rules, proved), e, proved)

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

RECURSIVE BySequence(_, _)
BySequence(joins, S) ==
    IF S = {} THEN <<>>
    ELSE LET first == CHOOSE c \in S : \A d \in S : joins[c].sequence <= joins[d].sequence
         IN  <<first>> \o BySequence(joins, S \ {first})

Work(s) ==
    LET adds == {c \in DOMAIN s.joins :
                    \* What was asked before this member came to be where it is may have been settled while it was away.
                    Sure(s) /\ s.joins[c].sequence > s.entered
                    /\ Pending(s, s.joins[c]) /\ ~Refused(s, s.joins[c].keyPackage[1])
                    /\ ~Bars(s, s.joins[c].keyPackage[1])}
        rejoining == {s.joins[c].keyPackage[1] : c \in adds}
        removes == {l \in DOMAIN s.view.roster \ {s.leaf} :
                        \/ l \in s.going /\ Mutation # "ForgetGone"
                        \/ RemovedLeaf(s, l) /\ Mutation # "KeepRemoved"
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
CommitBody(s, keyPackages, connections, sequences, removes, seats, banned, handed) ==
    LET tree == Add(Without(s.view.roster, removes), keyPackages)
        next == [group |-> s.view.group, epoch |-> s.view.epoch + 1,
                 secret |-> <<s.me, s.logId, s.sequence>>, roster |-> tree.roster]
    IN  [type |-> "commit", since |-> s.since,
         admitted |-> [i \in DOMAIN keyPackages |->
            [connection |-> connections[i], sequence |-> sequences[i], leaf |-> tree.leaves[i]]],
         seats |-> seats, banned |-> banned, handed |-> handed,
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
                    IF nobody THEN {} ELSE s.banned \cup s.told,
                    \* Passes of those who will not be in the group: who is in it, newcomers see.
                    IF nobody THEN NothingHanded
                    ELSE [some |-> TRUE, rules |-> s.rules,
                          passes |-> s.passes \ ({s.view.roster[l][1] : l \in DOMAIN s.view.roster \ work.removes}
                                                 \cup {s.joins[adds[i]].keyPackage[1] : i \in DOMAIN adds}),
                          complete |-> s.complete])
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
Evaluate(before, s) ==
    IF s.inFlight # NoFlight THEN CancelTimer(s, "TURN")
    ELSE IF ~s.hasGroup \/ s.standing = "OVER" THEN
        LET a == CancelTimer(s, "TURN") IN IF a.asking.set THEN a ELSE Ask(a)
    ELSE
    LET a == TellChanges(before, IF Good(s) THEN NoticeAbsent(s) ELSE s)
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

Trusting(s) == Mutation # "NoTrust" /\ s.view.epoch - s.entryEpoch <= TrustEpochs

\* Whether the rules forbid to add this one, and whoever made the commit knew that: by the log, or since it hands these
\* rules on itself. One commit may have been under way when the rules were posted.
Unadmitted(s, e, admitted, m) ==
    LET handed == e.body.handed
        knew == KnownAt(s, e.seen) \/ (handed.some /\ handed.rules = s.rules) \/ Mutation = "NoExcuse"
        before == admitted.sequence <= s.entered /\ Trusting(s) \* a host may have admitted it before
    IN  /\ knew /\ ~before
        \* Without all passes only removal is sure; for a while the others judge the rest.
        /\ IF s.complete \/ ~Trusting(s) THEN Bars(s, m) ELSE RemovedBy(s.rules, m)

\* Whether this member saw the request; or could not have seen it, because it was not there yet.
AskedFor(s, admitted, keyPackage) ==
    \/ admitted.connection \in DOMAIN s.joins /\ keyPackage \in s.joins[admitted.connection].references
    \/ admitted.sequence <= s.entered /\ Trusting(s)

AddRefused(s, e, body, i) ==
    LET kp == body.added[i] IN
    IF ~AskedFor(s, body.admitted[i], kp) THEN "GHOST_ADDED"
    ELSE IF kp[1] \in s.banned THEN "COMMIT_INVALID"
    ELSE IF Unadmitted(s, e, body.admitted[i], kp[1]) /\ Mutation # "NoCheckOfAdmission" THEN "UNADMITTED"
    ELSE "good"

RemoveRefused(s, e, body, leaf) ==
    LET seat == s.seats[leaf]
        who == s.view.roster[leaf][1]
    IN
    IF leaf \notin DOMAIN s.view.roster THEN "COMMIT_INVALID"
    ELSE IF RemovedLeaf(s, leaf) \/ Spared(s, who, e.seen) THEN "good"
    ELSE IF ~Seated(s, leaf) \/ leaf \in s.going THEN "good"
    ELSE IF seat.since > e.seen \/ seat.since <= s.entered THEN "good"
    ELSE IF MemberLeaf(body.next.roster, who) # {} THEN "good"
    ELSE IF \E i \in DOMAIN body.admitted :
                LET c == body.admitted[i].connection IN c \in DOMAIN s.joins /\ s.joins[c].keyPackage[1] = who
         THEN "good"
    ELSE "WRONGLY_REMOVED"

\* "good", or the alarm with which another member's commit is refused. MLS has found it valid before.
Check(s, e, body) ==
    LET adds == {AddRefused(s, e, body, i) : i \in DOMAIN body.added} \ {"good"}
        removes == {RemoveRefused(s, e, body, l) : l \in body.removed} \ {"good"}
    IN
    IF Refused(s, s.view.roster[body.committer][1]) THEN "COMMIT_INVALID"
    ELSE IF body.since # s.since \/ e.seen >= e.sequence \/ e.seen < s.at THEN "COMMIT_INVALID"
    ELSE IF KnownAt(s, e.seen) /\ RemovedLeaf(s, body.committer) THEN "COMMIT_INVALID"
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

FoundedAs(s, e, own) ==
    LET founder == e.body.keyPackage[1]
        \* Judged by the rules as they stand at this place of the log: by members and by the founder. Who was never inside
        \* does not know who belongs here.
        judges == own \/ (s.hasGroup /\ ~Barred(s))
        barred == KnownAt(s, e.sequence - 1) /\ Bars(s, founder) /\ Mutation # "FollowAnyFounder"
    IN
    IF judges /\ barred THEN
        \* Whose group is broken would found another at once, and again.
        IF own THEN Ask(IF Mutation = "FoundForEver" THEN DiscardInFlight(s) ELSE Over(DiscardInFlight(s)))
        ELSE Tell([s EXCEPT !.ignored = Put(@, <<e.sequence, e.group>>, founder)], e.from)
    ELSE IF e.epoch # 0 \/ (~own /\ Refused(s, e.body.keyPackage[1])) THEN Alarm(s, "COMMIT_INVALID")
    ELSE
    LET a == HeardNewest(s, <<e.sequence, e.group>>, 0)
        \* Others may not count this group, and grant what its founder asked for.
        b == IF barred /\ ~own THEN GoneAt(a, e.from, e.sequence) ELSE [a EXCEPT !.joins = Without(@, {e.from})]
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

Founded(s, e) ==
    LET own == e.from = s.me /\ FoundInFlight(s)
        a == HeardInLog(s, e.body.rules, own, FALSE)
    IN  IF a.phase = "ENDED" THEN a ELSE FoundedAs(a, e, own)

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

\* placed: the commit says where this member is, and all that it knows of the rules
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
        known == AdmitMembers(IF KnownAt(b, b.at) THEN [b EXCEPT !.spared = {}] ELSE b)
        c == SeatAdmitted(NoteGranted(known), e, body.admitted)
        d == GatherMore(ForgetOutdated(ForgetGone(c, e.seen)), Len(body.admitted))
        placed == s.leaf \in DOMAIN body.seats /\ body.seats[s.leaf] = s.me
        newer == body.handed.some /\ RulesNewer(s.rules, body.handed.rules)
    IN  Greet(d, placed /\ ~newer, body.admitted, 1)

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

OwnNext(s, e, reading) ==
    LET body == e.body IN
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
    IN  IF newest THEN SeeCommit(c, e.seen, body.admitted # <<>>) ELSE c

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

\* Whether the group that lets this member in is one of people who may not be here: they do not know the rules.
Strangers(s, e) ==
    LET body == e.body
        admitted == {body.admitted[i].leaf : i \in DOMAIN body.admitted}
    IN  /\ s.hasGroup /\ ~Barred(s)
        /\ \A l \in DOMAIN body.next.roster \ admitted : Bars(s, body.next.roster[l][1])

\* What the commit hands on, to somebody who is admitted by it.
TakeHanded(s, e) ==
    LET handed == e.body.handed
        a == [s EXCEPT !.passes = IF s.rules.locked THEN handed.passes ELSE {},
                       !.complete = handed.complete /\ handed.rules = s.rules /\ s.latestAdmit <= e.seen]
    IN  IF ~handed.some THEN s
        ELSE IF RulesNewer(s.rules, handed.rules) THEN TellEverybody([a EXCEPT !.rulesSince = Unknown])
        ELSE a

\* This member is admitted.
Welcomed(s, e) ==
    LET body == e.body
        mark == <<body.since, e.group>>
        credible == body.since > 0 /\ (s.newest = mark \/ mark \in DOMAIN s.ignored \/ body.since <= s.entered)
        kp == <<s.self, s.drafts>>
        leaf == CHOOSE l \in DOMAIN body.next.roster : body.next.roster[l] = kp
    IN
    \* Those who belong here follow; whoever founded that group hears that it has to wait.
    IF Strangers(s, e) THEN Found(s)
    ELSE IF ~credible THEN Alarm(s, "COMMIT_INVALID")
    ELSE
    LET asked == {c \in DOMAIN s.joins : mark \in DOMAIN s.ignored
                    /\ s.joins[c].sequence < body.since /\ s.joins[c].keyPackage[1] = s.ignored[mark]}
        counted == [s EXCEPT !.ignored = Without(@, {mark}), !.joins = Without(@, asked)]
        a == HeardNewest(counted, mark, e.epoch)
        b == NoteGranted(Begin(a, body.next, leaf, body.since))
        c == TakeSeats([b EXCEPT !.told = @ \cup body.banned], e, DOMAIN body.seats)
        d == ForgetOutdated(SeatAdmitted(c, e, body.admitted))
        f == AdmitMembers(TakeHanded(Seat(d, leaf, s.me, e.sequence), e))
    IN  PostState(GatherMore(f, Len(body.admitted)))

CommitAs(s, e, reading) ==
    IF Good(s) /\ Live(s) /\ e.group = s.view.group THEN
        IF IsNext(s, e) THEN OwnNext(s, e, reading)
        ELSE IF e.epoch > s.view.epoch + 1 THEN Over(s)
        ELSE IF Mutation = "FollowOldCommits" /\ e.body.before # s.view.secret /\ s.leaf \notin e.body.removed
             THEN Adopted(s, e, e.body.next)
        ELSE Alarm(s, "LOG_BROKEN")
    ELSE
    LET body == e.body
        mark == <<Min(body.since, e.sequence), e.group>>
        newest == ~Newer(s.newest, mark)
        awaited == newest /\ s.asking.set /\ ~FoundInFlight(s)
    IN
    CASE reading = "WELCOMED" -> IF awaited THEN Welcomed(s, e) ELSE Hear(s, mark)
      [] reading = "UNUSABLE" ->
            IF ~awaited THEN Hear(s, mark)
            ELSE IF AnswersLatest(s, body) THEN WelcomeFailed(s)
            ELSE Wait(s)
      [] OTHER -> HeardCommit(s, e, mark, newest)

Commit(s, e) ==
    LET reading == Reading(s, e)
        handed == e.body.handed
        a == IF handed.some THEN HeardInLog(s, handed.rules, reading \in {"STAGED", "OWN"}, FALSE) ELSE s
    IN  IF a.phase = "ENDED" THEN a ELSE CommitAs(a, e, reading)

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
              !.rulesSince = Unknown, !.latestAdmit = 0, !.ignored = <<>>, !.at = 0, !.since = IF Mutation = "KeepAgeOverLogs" THEN @ ELSE 0]

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
    IF ~f.hasGroup \/ f.standing = "OVER" THEN IF f.peers = <<>> /\ ~Barred(f) THEN Found(f) ELSE Ask(f)
    ELSE IF f.standing = "GOOD" THEN
        \* While it was away a host may have let somebody in.
        LET g == [f EXCEPT !.heard = FALSE, !.complete = @ /\ ~f.rules.locked, !.entryEpoch = f.view.epoch, !.timers.FLIGHT = 0,
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
      [] timer = "ADMISSION" -> IF Mutation = "NobodyFounds" THEN a ELSE TimeOut(a)
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
      [] type = "told" -> HeardInLog(s, e.body.rules, e.signer \in Author(s, e.from), e.body.fresh)
      [] type = "admit" -> AdmitHeard(s, e)
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
                ELSE IF e.body.type = "attach" THEN Sent(s, e)
                ELSE IF e.body.type = "wait" THEN ToldToWait(s, e)
                ELSE s
          [] e.t \in {"arrived", "gone", "message", "commit"} -> IF s.phase = "INSIDE" THEN Entry(s, e) ELSE s)
    IN  TLCEval(IF after.phase = "INSIDE" THEN Evaluate(s, after) ELSE after)
=============================================================================
