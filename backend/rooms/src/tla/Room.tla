-------------------------------- MODULE Room --------------------------------
(***************************************************************************)
(* A room: members that run RoomMachine, the network, a coordination       *)
(* server that may lie, and the faults that may hit them. Then what must   *)
(* hold: the safety and liveness properties. README.md is the prose to it. *)
(***************************************************************************)
EXTENDS RoomMachine

CONSTANTS
    Members,        \* 1 .. n; they come in this order, which leaves out what differs in names alone
    Faults,         \* which kinds of faults there are, see Fault below
    MaxFaults,      \* how many in all
    MaxLeaves,      \* how many members leave
    MaxRekeys,      \* how many ask for a new epoch
    Deeds,          \* what hosts do, see Rule and Admit below
    MaxDeeds,       \* how often in all
    Opening,        \* the rules that the maker sets before the run begins; NoRules if none
    Gathered,       \* how many of them are in one group when the run begins; 0: an empty room
    Prompt,         \* TRUE: what nobody holds up is there at once. FALSE: every frame takes its own time
    Sides           \* {1}: one log; {1, 2}: a lying server may keep two

VARIABLES
    mem,        \* [Members -> state of the machine]
    net,        \* [Members -> how its process and its connection are]
    lines,      \* [connections open at the server -> what is under way on them to the server]
    down,       \* [Members -> frames from the server that it has not read]
    srv,        \* [Sides -> the server's room]
    accepted,   \* history: every commit that the server accepted
    excused,    \* history: [Members -> up to which KeyPackage there was a reason to remove it]
    misled,     \* history: whom a message crossed to from another history, without an alarm
    door,       \* history: rules that stood in the log, and commits that they forbade
    budget      \* faults, leaves, rekeys and deeds still to come

vars == <<mem, net, lines, down, srv, accepted, excused, misled, door, budget>>

World == [mem |-> mem, net |-> net, lines |-> lines, down |-> down, srv |-> srv, accepted |-> accepted,
          excused |-> excused, misled |-> misled, door |-> door, budget |-> budget]

Become(w) ==
    /\ mem' = w.mem /\ net' = w.net /\ lines' = w.lines /\ down' = w.down /\ srv' = w.srv
    /\ accepted' = w.accepted /\ excused' = w.excused /\ misled' = w.misled /\ door' = w.door
    /\ budget' = w.budget

NoConnection == <<0, 0>>

\* ---------------------------------------------------------------- clients

\* A message of somebody with another secret for the own epoch, and neither of the two sees an alarm.
Misleads(s, e) ==
    /\ s.hasGroup /\ "at" \in DOMAIN e /\ e.t \in {"message", "commit", "sent"} /\ e.body.type # "garbage"
    /\ s.phase = "INSIDE" /\ e.from # s.me
    /\ e.at.group = s.view.group /\ e.at.epoch = s.view.epoch /\ e.at.secret # s.view.secret
    /\ ~e.at.alarmed
    /\ Step(s, e).alarms = {}

RECURSIVE Run(_, _)
Run(s, frames) == IF frames = <<>> THEN s ELSE Run(Step(s, Head(frames)), Tail(frames))

RECURSIVE RunMisled(_, _)
RunMisled(s, frames) ==
    IF frames = <<>> \/ Sides = {1} THEN FALSE
    ELSE Misleads(s, Head(frames)) \/ RunMisled(Step(s, Head(frames)), Tail(frames))

IsFrame(o) == o.t \in {"post", "commit", "send"}
\* Which key the sender has is told to the properties alone, and only where two logs make it matter.
Outgoing(s) ==
    LET frames == SelectSeq(s.out, IsFrame)
        at == [group |-> s.view.group, epoch |-> s.view.epoch, secret |-> s.view.secret, alarmed |-> s.alarms # {}]
    IN  IF Sides = {1} THEN frames ELSE [i \in DOMAIN frames |-> Put(frames[i], "at", at)]
Does(s, effect) == \E i \in DOMAIN s.out : s.out[i].t = effect

\* Members in M read everything that waits for them; then all effects of all machines are carried out.
Settle(w, M) ==
    LET ran == TLCEval([m \in Members |-> IF m \in M THEN Run(w.mem[m], w.down[m]) ELSE w.mem[m]])
        closed(m) == \/ Does(ran[m], "disconnect")
                     \/ m \in M /\ \E i \in DOMAIN w.down[m] : w.down[m][i].t = "closed"
        mine(c) == c[1] \in Members /\ w.net[c[1]].connection = c
        sends == {c \in DOMAIN w.lines : mine(c) /\ ran[c[1]].out # <<>>}
    IN  TLCEval([w EXCEPT
            !.mem = [m \in Members |-> IF ran[m].out = <<>> THEN ran[m] ELSE [ran[m] EXCEPT !.out = <<>>]],
            !.down = [m \in Members |-> IF m \in M THEN <<>> ELSE @[m]],
            !.net = [m \in Members |->
                IF closed(m) THEN [@[m] EXCEPT !.open = FALSE, !.life = IF ran[m].phase = "ENDED" THEN "ENDED" ELSE @]
                ELSE IF Does(ran[m], "connect") THEN [@[m] EXCEPT !.dialling = TRUE] ELSE @[m]],
            !.lines = [c \in DOMAIN @ |->
                IF c \in sends
                THEN [@[c] EXCEPT !.frames = @ \o Outgoing(ran[c[1]]), !.open = ~closed(c[1])]
                ELSE @[c]],
            !.misled = @ \cup {m \in M : RunMisled(w.mem[m], w.down[m])}])

\* ----------------------------------------------------------------- server

Deliver(w, c, frame) ==
    IF c[1] \in Members /\ w.net[c[1]].connection = c /\ w.net[c[1]].open /\ w.net[c[1]].life = "HERE"
    THEN [w EXCEPT !.down[c[1]] = Append(@, frame)] ELSE w

\* The next entry of the log of one side, to everybody on it.
AppendEntry(w, b, frame) ==
    LET n == w.srv[b].sequence + 1
        entry == Put(Put(frame, "sequence", n), "chain", {d \in w.srv[b].chain : d[1] <= n})
        reached(m) == /\ w.net[m].life = "HERE" /\ w.net[m].open
                      /\ \E i \in DOMAIN w.srv[b].present : w.srv[b].present[i] = w.net[m].connection
                      /\ w.net[m].connection \in DOMAIN w.lines
                      /\ w.lines[w.net[m].connection].side = b
    IN  TLCEval([w EXCEPT !.srv[b].sequence = n,
                          !.down = [m \in Members |-> IF reached(m) THEN Append(@[m], entry) ELSE @[m]]])

\* A commit is accepted if it is the first for its group and epoch.
First(w, b, frame) ==
    \/ frame.group \notin DOMAIN w.srv[b].highest
    \/ frame.epoch > w.srv[b].highest[frame.group]
    \/ Mutation \in {"AcceptEveryCommit", "FollowOldCommits"}

SecretOf(frame) ==
    IF frame.body.type = "commit" THEN frame.body.next.secret ELSE <<frame.from, frame.signer>>

\* ------------------------------------- history: what the rules forbade

\* Who is in a group.
InSomeGroup(w) == UNION {{w.mem[m].view.roster[l][1] : l \in DOMAIN w.mem[m].view.roster} : m \in Members}

\* Rules stand in a log from a place on. Whoever is inside when the room is locked may come back.
Stood(w, rules, log, place) ==
    LET ruled == w.door.ruled
        last == ruled[Len(ruled)]
    IN
    IF rules = NoRules THEN w
    ELSE IF \E i \in DOMAIN ruled : ruled[i].rules = rules
    THEN [w EXCEPT !.door.ruled = [i \in DOMAIN @ |->
            IF @[i].rules = rules /\ @[i].log # log THEN [@[i] EXCEPT !.log = log, !.place = place] ELSE @[i]]]
    ELSE IF ruled # <<>> /\ RulesNewer(last.rules, rules) THEN w
    ELSE [w EXCEPT !.door.ruled = Append(@,
            [rules |-> rules, log |-> log, place |-> place,
             passes |-> IF ~rules.locked THEN {}
                        ELSE IF ruled # <<>> /\ last.rules.locked THEN last.passes
                        ELSE InSomeGroup(w)])]

LetsIn(w, who) ==
    LET n == Len(w.door.ruled) IN
    IF n = 0 \/ ~w.door.ruled[n].rules.locked THEN w ELSE [w EXCEPT !.door.ruled[n].passes = @ \cup who]

KeptOut(ruled, m) == RemovedBy(ruled.rules, m) \/ (ruled.rules.locked /\ ~IsHost(ruled.rules, m) /\ m \notin ruled.passes)

\* A commit adds somebody whom rules keep out that its maker knew: they came into the log while it was there, and it had
\* read so far, or it hands them on. Outsiders may have a group of their own, which no member follows.
Judged(w, c, frame, log) ==
    LET m == c[1]
        body == frame.body
        known == {i \in DOMAIN w.door.ruled :
            LET r == w.door.ruled[i] IN
            \/ r.log = log /\ r.place > w.mem[m].entered /\ r.place <= frame.seen
            \/ body.handed.some /\ r.rules = body.handed.rules}
        latest == CHOOSE i \in known : \A j \in known : j <= i
        newest == w.door.ruled[latest]
        \* Where the room was opened meanwhile, there is no harm.
        always(p) == \A i \in latest .. Len(w.door.ruled) : KeptOut(w.door.ruled[i], p)
        wrong == IF known = {} \/ KeptOut(newest, m) THEN {}
                 ELSE {body.added[i] : i \in {j \in DOMAIN body.added : always(body.added[j][1])}}
    IN  IF wrong = {} THEN w
        ELSE IF ~w.net[m].honest THEN [w EXCEPT !.door.smuggled = @ \cup {[who |-> kp, since |-> newest.place] : kp \in wrong}]
        ELSE [w EXCEPT !.door.breaches = @ \cup
                {IF RemovedBy(newest.rules, kp[1]) THEN "removed" ELSE "unadmitted" : kp \in wrong}]

\* What a frame says of the rules, once it stands in the log at this place.
NoteDoor(w, c, frame, log, place) ==
    LET body == frame.body IN
    CASE body.type \in {"told", "attach", "found"} -> Stood(w, body.rules, log, place)
      [] body.type = "admit" ->
            IF w.door.ruled # <<>> /\ IsHost(w.door.ruled[Len(w.door.ruled)].rules, body.author)
            THEN LetsIn(w, {body.pass}) ELSE w
      [] body.type = "commit" ->
            LetsIn(Stood(Judged(w, c, frame, log), body.handed.rules, log, place),
                   {body.added[i][1] : i \in DOMAIN body.added})
      [] OTHER -> w

\* The server takes the next frame of a connection and acts on it for one side.
Receive(w, c, b) ==
    LET frame == Put(Head(w.lines[c].frames), "from", c)
        m == c[1]
        n == frame.signer[2]
        body == frame.body
        \* who says that it is there in an epoch that is over is not, to the others
        behind == body.type = "attach" /\ body.group \in DOMAIN w.srv[b].highest
                    /\ body.epoch < w.srv[b].highest[body.group]
        rest == [w EXCEPT !.lines[c] = [@ EXCEPT !.frames = Tail(@), !.key = IF behind THEN @ ELSE Max(@, n),
                                                  !.late = @ /\ Len(w.lines[c].frames) > 1]]
        noted == IF frame.t = "post" /\ body.type = "leave" THEN [rest EXCEPT !.excused[m] = Max(@, n)]
                 ELSE IF (frame.t = "post" /\ body.type = "join") \/ (frame.t = "commit" /\ body.type = "found")
                      THEN [rest EXCEPT !.excused[m] = Max(@, n - 1)]
                 ELSE rest
    IN  CASE frame.t = "send" -> Deliver(noted, frame.to, [frame EXCEPT !.t = "sent"])
            [] frame.t = "post" ->
                AppendEntry(NoteDoor(noted, c, frame, w.srv[b].log, w.srv[b].sequence + 1), b, [frame EXCEPT !.t = "message"])
            [] frame.t = "commit" ->
                IF First(w, b, frame)
                THEN AppendEntry(
                        [NoteDoor(noted, c, frame, w.srv[b].log, w.srv[b].sequence + 1) EXCEPT
                            !.srv[b].highest = Put(@, frame.group, frame.epoch),
                            !.accepted = @ \cup {[side |-> b, group |-> frame.group, epoch |-> frame.epoch,
                                                  secret |-> SecretOf(frame)]}],
                        b, frame)
                ELSE Deliver(noted, c, [t |-> "lost", group |-> frame.group, epoch |-> frame.epoch])

\* Members who are not held up read what there is; frames that are not held up arrive, and so on until all is quiet.
RECURSIVE FlushAll(_)
FlushAll(w) ==
    LET settled == Settle(w, {m \in Members : w.net[m].pace = "FAST"})
        due == {c \in DOMAIN settled.lines : settled.lines[c].frames # <<>> /\ ~settled.lines[c].late}
        first == CHOOSE c \in due : \A d \in due : c[1] < d[1] \/ (c[1] = d[1] /\ c[2] <= d[2])
    IN  IF due = {} THEN settled ELSE FlushAll(Receive(settled, first, settled.lines[first].to))

\* What follows from a step by itself, at once.
Flush(w) == IF Prompt THEN FlushAll(w) ELSE Settle(w, {m \in Members : w.net[m].pace = "FAST"})

\* The machine of m takes an event that does not come from the server.
Takes(w, m, event) == Flush([w EXCEPT !.mem[m] = Step(@, event)])

\* The server lets a client in; an empty room starts a log.
LetIn(w, m, b) ==
    LET c == <<m, w.net[m].dials + 1>>
        fresh == w.srv[b].present = <<>>
        room == IF fresh THEN [up |-> TRUE, log |-> w.srv[b].log + 1, sequence |-> 0, present |-> <<>>,
                               highest |-> <<>>, chain |-> {}] ELSE w.srv[b]
        entered == [t |-> "entered", me |-> c, log |-> room.log, sequence |-> room.sequence, present |-> room.present,
                    hash |-> {d \in room.chain : d[1] <= room.sequence}]
        a == [w EXCEPT
                !.srv[b] = [room EXCEPT !.present = Append(@, c)],
                !.lines = Put(@, c, [side |-> b, to |-> b, open |-> TRUE, late |-> FALSE, frames |-> <<>>, key |-> 0]),
                !.down[m] = <<entered>>,
                !.net[m] = [@ EXCEPT !.life = "HERE", !.connection = c, !.open = TRUE, !.dials = @ + 1,
                                     !.dialling = FALSE]]
    IN  AppendEntry(a, b, [t |-> "arrived", from |-> c])

\* The server notices that a connection is dead, or ends it: what is still under way on it is lost.
Close(w, c) ==
    LET b == w.lines[c].side
        m == c[1]
        now == w.net[m].connection
        \* who has said on a later connection who it is was not there any more
        elsewhere == now # c /\ now \in DOMAIN w.lines /\ w.lines[now].key >= w.lines[c].key
        a == [w EXCEPT
                !.srv[b].present = SelectSeq(@, LAMBDA p : p # c),
                !.lines = Without(@, {c}),
                !.excused[m] = IF elsewhere THEN @ ELSE Max(@, w.lines[c].key)]
    IN  AppendEntry(a, b, [t |-> "gone", from |-> c])

\* ---------------------------------------------------------- the beginning

Nothing ==
    [mem |-> [m \in Members |-> Start(m)],
     \* life: AWAY before it enters, HERE, CRASHED, or over (ENDED). pace: FAST reads at once, BEHIND whenever it
     \* wants, FROZEN not at all. open: its end of the connection.
     net |-> [m \in Members |-> [life |-> "AWAY", pace |-> "FAST", connection |-> NoConnection, open |-> FALSE,
                                dials |-> 0, dialling |-> FALSE, honest |-> TRUE]],
     lines |-> <<>>,
     down |-> [m \in Members |-> <<>>],
     srv |-> [b \in Sides |->
        [up |-> TRUE, log |-> 0, sequence |-> 0, present |-> <<>>, highest |-> <<>>, chain |-> {}]],
     accepted |-> {},
     excused |-> [m \in Members |-> 0],
     misled |-> {},
     door |-> [ruled |-> <<>>, breaches |-> {}, smuggled |-> {}],
     budget |-> [faults |-> MaxFaults, leaves |-> MaxLeaves, rekeys |-> MaxRekeys, deeds |-> MaxDeeds]]

Enters(w, m, b) == LetIn([w EXCEPT !.mem[m] = [Step(@, [t |-> "enter"]) EXCEPT !.out = <<>>]], m, b)

\* Members 1 .. m came one after the other, and all went well.
RECURSIVE Gather(_)
Gather(m) == IF m = 0 THEN Nothing ELSE FlushAll(Enters(Gather(m - 1), m, 1))

\* A host's own rules, posted; the next ones go on from them, though they may not be back in the log yet.
Says(w, m, rules) ==
    [w EXCEPT !.mem[m] = [Post(@, OwnKey(@), [type |-> "told", rules |-> rules, fresh |-> TRUE]) EXCEPT !.said = rules]]

Init ==
    LET gathered == Gather(Gathered)
        w == IF Opening = NoRules THEN gathered ELSE FlushAll(Says(gathered, Maker, Opening))
    IN
    /\ mem = w.mem /\ net = w.net /\ lines = w.lines /\ down = w.down /\ srv = w.srv
    /\ accepted = w.accepted /\ excused = w.excused /\ misled = w.misled /\ door = w.door /\ budget = w.budget

\* ------------------------------------------------------- what may happen

Life(m) == net[m].life
Here == {m \in Members : net[m].life = "HERE"}
CanAct(m) == net[m].life = "HERE" /\ net[m].pace # "FROZEN"

\* Members come in order: which one is called what makes no difference.
Come(m, b) ==
    /\ net[m].life = "AWAY" /\ \A p \in Members : p < m => net[p].life # "AWAY"
    /\ Become(Flush(Enters(World, m, b)))

Reconnect(m, b) ==
    /\ CanAct(m) /\ mem[m].timers.RECONNECT # -1
    /\ Become(Flush(LetIn(
        [World EXCEPT !.mem[m] = [Step(@, [t |-> "fired", timer |-> "RECONNECT"]) EXCEPT !.out = <<>>]], m, b)))

Arrives(c) == lines[c].frames # <<>> /\ Become(Flush(Receive(World, c, lines[c].to)))

\* Who was behind reads one more frame; who has read them all is as fast as the others.
Read(m) ==
    /\ CanAct(m) /\ net[m].pace = "BEHIND" /\ down[m] # <<>>
    /\ LET rest == Tail(down[m])
           one == Settle([World EXCEPT !.down[m] = <<Head(down[m])>>], {m})
       IN  Become(Flush([one EXCEPT !.down[m] = rest, !.net[m].pace = IF rest = <<>> THEN "FAST" ELSE "BEHIND"]))

Thaw(m) ==
    /\ net[m].life = "HERE" /\ net[m].pace = "FROZEN"
    /\ Become([World EXCEPT !.net[m].pace = IF down[m] = <<>> THEN "FAST" ELSE "BEHIND"])

\* The client closed the connection by itself, and hears of it.
Notice(m) ==
    /\ CanAct(m) /\ ~net[m].open /\ mem[m].phase = "INSIDE"
    /\ Become(Takes([World EXCEPT !.down[m] = <<>>], m, [t |-> "closed"]))

Dead(c) == ~lines[c].open \/ net[c[1]].connection # c \/ net[c[1]].life \in {"CRASHED", "ENDED"}
NoticesDead(c) == Dead(c) /\ Become(Flush(Close(World, c)))

\* Timers, by the delays that they have in the code, in tenths of a second.
Tenths(m, t) ==
    LET r == mem[m].timers[t] IN
    CASE t = "TURN" -> 6 * r [] t = "ADMISSION" -> 20 + 15 * r [] t = "GATHER" -> 3 [] t = "FLIGHT" -> 50 [] t = "GRACE" -> 100
Timers == {"TURN", "GATHER", "ADMISSION", "FLIGHT", "GRACE"}
\* Whoever waits for a host looks around now and then; where nobody came, that changes nothing.
LooksAround(m, t) ==
    t = "ADMISSION" /\ Barred(mem[m]) /\ Step(mem[m], [t |-> "fired", timer |-> t]) = mem[m]
SetTimers == {<<m, t>> \in Here \X Timers : CanAct(m) /\ mem[m].timers[t] # -1 /\ ~LooksAround(m, t)}

\* Nothing is under way that would be there before a timer runs out.
Quiet ==
    /\ \A c \in DOMAIN lines : lines[c].frames = <<>> /\ ~Dead(c)
    /\ \A m \in Here :
        CanAct(m) => net[m].pace = "FAST" /\ mem[m].timers.RECONNECT = -1 /\ ~(mem[m].phase = "INSIDE" /\ ~net[m].open)

Fire(m, t) ==
    /\ Quiet /\ <<m, t>> \in SetTimers
    /\ \A other \in SetTimers : Tenths(m, t) <= Tenths(other[1], other[2])
    /\ Become(Takes(World, m, [t |-> "fired", timer |-> t]))

\* -------------------------------------------------------- people and faults

LeaveRoom(m) ==
    /\ budget.leaves > 0 /\ CanAct(m)
    /\ Become(Takes([World EXCEPT !.budget.leaves = @ - 1], m, [t |-> "leave"]))

RekeyAsked(m) ==
    /\ budget.rekeys > 0 /\ CanAct(m) /\ Good(mem[m])
    /\ Become(Takes([World EXCEPT !.budget.rekeys = @ - 1], m, [t |-> "rekey"]))

\* Hosting: what hosts do with their apps. The maker's rules begin a term; others' number theirs within it.
Newest(s) == IF RulesNewer(s.said, s.rules) THEN s.said ELSE s.rules
Ruled(s, locked, removed, hosts) ==
    LET now == Newest(s) IN
    IF s.self = Maker
    THEN [term |-> now.term + 1, number |-> 0, author |-> s.self, locked |-> locked, removed |-> removed,
          hosts |-> hosts \ removed]
    ELSE [now EXCEPT !.number = @ + 1, !.author = s.self, !.locked = locked, !.removed = removed]
Wishes(s, kind) ==
    LET now == Newest(s)
        \* whom a host sees: who is inside, and who waits
        others == ({s.view.roster[l][1] : l \in DOMAIN s.view.roster}
                    \cup {s.joins[c].keyPackage[1] : c \in DOMAIN s.joins}) \ {s.self}
        turned(p) == IF p \in now.hosts THEN now.hosts \ {p} ELSE now.hosts \cup {p}
    IN
    CASE kind = "lock" -> {Ruled(s, ~now.locked, now.removed, now.hosts)}
      [] kind = "remove" -> {Ruled(s, now.locked, now.removed \cup {p}, now.hosts) : p \in others \ now.removed}
      [] kind = "pardon" -> {Ruled(s, now.locked, now.removed \ {p}, now.hosts) : p \in now.removed}
      [] kind = "name" ->
            IF s.self = Maker THEN {Ruled(s, now.locked, now.removed \ {p}, turned(p)) : p \in others} ELSE {}

\* Whether a member can post and is heard as one.
Speaks(m) ==
    budget.deeds > 0 /\ CanAct(m) /\ mem[m].phase = "INSIDE" /\ Good(mem[m]) /\ Seated(mem[m], mem[m].leaf)
Rule(m, kind) ==
    /\ kind \in Deeds /\ Speaks(m) /\ (m = Maker \/ IsHost(Newest(mem[m]), m))
    /\ \E rules \in Wishes(mem[m], kind) : Become(Flush(Says([World EXCEPT !.budget.deeds = @ - 1], m, rules)))

Admit(m, c) ==
    /\ "admit" \in Deeds /\ Speaks(m) /\ IsHost(mem[m].rules, m)
    /\ AsksHere(mem[m], c) /\ mem[m].rules.locked
    /\ LET p == mem[m].joins[c].keyPackage[1] IN
        /\ Bars(mem[m], p) /\ ~RemovedBy(mem[m].rules, p)
        /\ Become(Flush([World EXCEPT !.budget.deeds = @ - 1,
                !.mem[m] = Post(@, OwnKey(@), [type |-> "admit", author |-> m, pass |-> p])]))

Fault(kind) == kind \in Faults /\ budget.faults > 0
Spent == [World EXCEPT !.budget.faults = @ - 1]

\* The process dies. What it sent may still get there, until the server notices.
Crash(m) ==
    /\ Fault("crash") /\ net[m].life = "HERE"
    /\ Become([Spent EXCEPT !.net[m].life = "CRASHED", !.net[m].open = FALSE, !.net[m].pace = "FAST", !.down[m] = <<>>,
                            !.mem[m] = Start(m)])

\* The process hangs, connected but silent; or what is sent to it is late.
Freeze(m) == Fault("freeze") /\ net[m].life = "HERE" /\ net[m].pace = "FAST" /\ Become([Spent EXCEPT !.net[m].pace = "FROZEN"])

\* What a client sends next is under way for a while.
Delay(c) ==
    /\ Fault("late") /\ Prompt /\ lines[c].frames = <<>> /\ ~lines[c].late /\ ~Dead(c)
    /\ Become([Spent EXCEPT !.lines[c].late = TRUE])

\* The client loses its connection; the server has not noticed yet.
DropByClient(m) ==
    /\ Fault("drop") /\ CanAct(m) /\ net[m].open
    /\ LET c == net[m].connection
           w == [Spent EXCEPT !.net[m].open = FALSE, !.down[m] = <<>>,
                              !.lines = IF c \in DOMAIN @ THEN [@ EXCEPT ![c].open = FALSE] ELSE @]
       IN  Become(Takes(w, m, [t |-> "closed"]))

\* The server ends a connection: what was under way to it is lost, and the client told after what was on its way.
DropByServer(m) ==
    /\ Fault("close") /\ net[m].life = "HERE" /\ net[m].connection \in DOMAIN lines
    /\ LET w == Deliver(Spent, net[m].connection, [t |-> "closed"])
       IN  Become(Flush(Close(w, net[m].connection)))

\* The server dies and comes back with nothing.
RECURSIVE CloseAll(_, _)
CloseAll(w, M) ==
    IF M = {} THEN w ELSE LET m == Least(M) IN CloseAll(Deliver(w, w.net[m].connection, [t |-> "closed"]), M \ {m})
Restart ==
    /\ Fault("restart") /\ srv[1].present # <<>> /\ Sides = {1}
    /\ LET w == CloseAll(Spent, {m \in Here : net[m].connection \in DOMAIN lines})
       IN  Become(Flush([w EXCEPT !.lines = <<>>, !.srv[1].present = <<>>,
                                  !.excused = [m \in Members |-> mem[m].drafts]]))

\* A timer runs out before what it waits for was there.
FireEarly(m, t) ==
    /\ Fault("early") /\ <<m, t>> \in SetTimers
    /\ Become(Takes(Spent, m, [t |-> "fired", timer |-> t]))

\* A member that breaks the rules commits out of turn: adds somebody who did not ask, or removes somebody who is there.
Ghost == <<0, 1>>
Insider(m) ==
    /\ Fault("insider") /\ CanAct(m) /\ mem[m].phase = "INSIDE" /\ Good(mem[m]) /\ Live(mem[m])
    /\ mem[m].inFlight = NoFlight /\ net[m].connection \in DOMAIN lines /\ net[m].open
    /\ LET s == mem[m]
           handed == [some |-> TRUE, rules |-> NoRules, passes |-> {}, complete |-> TRUE]
           ghost == CommitBody(s, <<Ghost>>, <<net[m].connection>>, <<s.sequence>>, {}, <<>>, {}, handed)
           kick(l) == CommitBody(s, <<>>, <<>>, <<>>, {l}, <<>>, {}, NothingHanded)
           waiting == {c \in DOMAIN s.joins : AsksHere(s, c) /\ Bars(s, s.joins[c].keyPackage[1])}
           smuggle(c) == CommitBody(s, <<s.joins[c].keyPackage>>, <<c>>, <<s.joins[c].sequence>>, {}, <<>>, {}, handed)
           bodies == {ghost} \cup {kick(l) : l \in DOMAIN s.view.roster \ {s.leaf}} \cup {smuggle(c) : c \in waiting}
       IN  \E body \in {x \in bodies : Cardinality(DOMAIN x.next.roster) >= 2} :
            Become([Spent EXCEPT !.net[m].honest = FALSE, !.lines[net[m].connection].frames = Append(@,
                [t |-> "commit", group |-> s.view.group, epoch |-> s.view.epoch + 1, signer |-> OwnKey(s),
                 seen |-> s.sequence, hash |-> s.chain, body |-> body,
                 at |-> [group |-> s.view.group, epoch |-> s.view.epoch, secret |-> s.view.secret, alarmed |-> FALSE]])])

\* ------------------------------------------------------- a server that lies

RECURSIVE TellGone(_, _, _)
TellGone(w, b, C) ==
    IF C = {} THEN w
    ELSE LET c == CHOOSE x \in C : TRUE
         IN  TellGone(AppendEntry(
                [w EXCEPT !.srv[b].present = SelectSeq(@, LAMBDA p : p # c),
                          !.excused[c[1]] = Max(@, w.mem[c[1]].drafts)],
                b, [t |-> "gone", from |-> c]), b, C \ {c})

\* Shows some members another log from here on. It may tell each side that the other went, or go on asserting that it
\* is present.
Fork ==
    /\ Sides = {1, 2} /\ Fault("fork") /\ srv[1].present # <<>> /\ srv[2].log = 0
    /\ \E S \in SUBSET {m \in Here : net[m].connection \in DOMAIN lines}, told \in BOOLEAN :
        /\ S # {}
        /\ LET forked == [Spent EXCEPT
                    !.srv[2] = [srv[1] EXCEPT !.chain = {<<srv[1].sequence + 1, 2>>}],
                    !.lines = [c \in DOMAIN @ |->
                        IF c[1] \in S THEN [@[c] EXCEPT !.side = 2, !.to = 2] ELSE @[c]]]
               on(b) == {c \in DOMAIN lines : forked.lines[c].side = b}
           IN  Become(IF told THEN Flush(TellGone(TellGone(forked, 1, on(2)), 2, on(1))) ELSE forked)

OnSide(b, c) == c \in DOMAIN lines /\ lines[c].side = b

\* Says that somebody went who is still there, on the other side or with nobody.
LieGone(b, c) ==
    /\ Fault("gone") /\ srv[2].log # 0
    /\ \E i \in DOMAIN srv[b].present : srv[b].present[i] = c /\ ~OnSide(b, c)
    /\ Become(Flush(TellGone(Spent, b, {c})))

\* Says that somebody came who does not exist.
LieArrived(b) ==
    /\ Fault("arrived") /\ srv[b].present # <<>> /\ ~Present([peers |-> [i \in DOMAIN srv[b].present |->
                                                                    [id |-> srv[b].present[i]]]], <<0, 1>>)
    /\ Become(Flush(AppendEntry([Spent EXCEPT !.srv[b].present = Append(@, <<0, 1>>)], b,
                                [t |-> "arrived", from |-> <<0, 1>>])))

\* Carries what a connection sends to the other side, instead of its own.
Cross(c) ==
    /\ Fault("cross") /\ srv[2].log # 0 /\ lines[c].to = lines[c].side
    /\ Become([Spent EXCEPT !.lines[c].to = 3 - @])

\* Puts something that does not open in the place of a group's next commit: made up, changed, or seen before.
Garbage(b, g) ==
    /\ Fault("garbage") /\ g \in DOMAIN srv[b].highest /\ srv[b].present # <<>>
    /\ Become(Flush(AppendEntry(
        [Spent EXCEPT !.srv[b].highest[g] = @ + 1], b,
        [t |-> "commit", group |-> g, epoch |-> srv[b].highest[g] + 1, from |-> srv[b].present[1], signer |-> Ghost,
         seen |-> 0, hash |-> {}, body |-> [type |-> "garbage"]])))

\* --------------------------------------------------------------- the whole

\* What goes on by itself.
System ==
    \/ \E c \in DOMAIN lines : Arrives(c) \/ NoticesDead(c)
    \/ \E m \in Members : Reconnect(m, 1) \/ Read(m) \/ Thaw(m) \/ Notice(m) \/ \E t \in Timers : Fire(m, t)

Environment ==
    \/ \E m \in Members : Come(m, 1) \/ LeaveRoom(m) \/ RekeyAsked(m)
    \/ \E m \in Members : Crash(m) \/ Freeze(m) \/ DropByClient(m) \/ DropByServer(m) \/ Insider(m)
    \/ \E m \in Members, t \in Timers : FireEarly(m, t)
    \/ \E c \in DOMAIN lines : Delay(c)
    \/ \E m \in Members, kind \in Deeds \ {"admit"} : Rule(m, kind)
    \/ \E m \in Members, c \in DOMAIN lines : Admit(m, c)
    \/ Restart

Liar ==
    \/ Fork
    \/ \E b \in Sides : LieArrived(b) \/ \E g \in DOMAIN srv[b].highest : Garbage(b, g)
    \/ \E b \in Sides, c \in DOMAIN lines : LieGone(b, c)
    \/ \E c \in DOMAIN lines : Cross(c)
    \/ Sides = {1, 2} /\ srv[2].log # 0 /\ \E m \in Members : Come(m, 2) \/ Reconnect(m, 2)

Next == System \/ Environment \/ Liar
Spec == Init /\ [][Next]_vars

\* A server that lies can go on for ever letting somebody come back here and there: one return each is looked at.
OneReturn == \A m \in Members : net[m].dials <= 2

\* ---------------------------------------------------------------- safety

\* The server accepts at most one commit for each group and epoch, in all logs together.
OneCommitPerEpoch ==
    \A a, b \in accepted : a.group = b.group /\ a.epoch = b.epoch /\ a.side = b.side => a = b

Holders == {m \in Members : net[m].life = "HERE" /\ mem[m].hasGroup}

\* Members in the same epoch have the same roster and the same exporter.
SameEpochSameKeys ==
    \A m, p \in Holders :
        mem[m].view.group = mem[p].view.group /\ mem[m].view.epoch = mem[p].view.epoch => mem[m].view = mem[p].view

\* Who is not in the roster of an epoch never has its key.
OnlyTheRosterHasTheKey ==
    \A m \in Holders :
        LET s == mem[m] IN s.leaf \in DOMAIN s.view.roster /\ s.view.roster[s.leaf][1] = m

\* Nobody is in a roster who did not ask to be, with that KeyPackage.
NobodyIsAddedUnasked ==
    \A m \in Holders : \A l \in DOMAIN mem[m].view.roster :
        LET kp == mem[m].view.roster[l] IN
        kp[1] \in Members /\ (net[kp[1]].life = "HERE" => kp[2] <= mem[kp[1]].drafts)

\* Nobody is removed who neither left nor was reported gone nor asked anew.
Stays(m, l) == l \in DOMAIN mem'[m].view.roster /\ mem'[m].view.roster[l] = mem[m].view.roster[l]
Excused(m, l) ==
    LET kp == mem[m].view.roster[l] IN
    \/ kp[1] \notin Members \/ kp[2] <= excused'[kp[1]]
    \/ \E i \in DOMAIN door'.ruled : RemovedBy(door'.ruled[i].rules, kp[1])
\* Who followed its group's commits itself, and was not admitted anew.
InGroup(m) ==
    /\ net[m].honest /\ mem[m].hasGroup /\ mem'[m].hasGroup
    /\ mem'[m].view.group = mem[m].view.group /\ OwnKey(mem'[m]) = OwnKey(mem[m])
NobodyIsRemovedWithoutReason ==
    [][\A m \in Members : InGroup(m) => \A l \in DOMAIN mem[m].view.roster : Stays(m, l) \/ Excused(m, l)]_vars

\* Also if a member breaks the rules; but whoever was away since it last saw the one removed takes others' word.
NobodySeenIsRemovedWithoutReason ==
    [][\A m \in Members : InGroup(m) => \A l \in DOMAIN mem[m].view.roster :
        \/ Stays(m, l)
        \/ Excused(m, l)
        \/ Seated(mem[m], l) /\ mem[m].seats[l].since <= mem'[m].entered]_vars

\* A member never goes back to an earlier epoch, nor to an older group.
EpochsNeverGoBack ==
    [][\A m \in Members :
        (mem[m].hasGroup /\ mem'[m].hasGroup) =>
            IF mem'[m].view.group = mem[m].view.group
            THEN mem'[m].view = mem[m].view \/ mem'[m].view.epoch > mem[m].view.epoch
            ELSE \/ mem'[m].logId > mem[m].logId
                 \/ Newer(<<mem'[m].since, mem'[m].view.group>>, <<mem[m].since, mem[m].view.group>>)]_vars

\* Nobody is added to a locked room who was not in it when it was locked, and whom no host admitted;
NobodyUnadmittedIsAdded == "unadmitted" \notin door.breaches
\* nor anybody whom a host has removed.
NobodyRemovedIsAdded == "removed" \notin door.breaches
\* Also if a member breaks the rules: nobody follows it who was there when the room was locked.
NobodySmuggledIsFollowed ==
    \A m \in Holders, x \in door.smuggled :
        net[m].honest /\ mem[m].entered < x.since => \A l \in DOMAIN mem[m].view.roster : mem[m].view.roster[l] # x.who
\* Nobody takes rules for newer that are older.
RulesNeverGoBack ==
    [][\A m \in Members : mem'[m].rules = mem[m].rules \/ RulesNewer(mem'[m].rules, mem[m].rules)
                            \/ net'[m].life # "HERE"]_vars

\* With an honest server and honest members nobody sees an alarm.
NoFalseAlarm == \A m \in Members : mem[m].alarms = {}

\* Of two sides with different keys for one epoch, none hears anything from the other but with an alarm.
AForkEndsInAnAlarm == misled = {}

\* --------------------------------------------------------------- liveness

\* Something goes on by itself: ENABLED <<System>>_vars, told by the state, which is faster by far to look at.
GoesOn ==
    \/ \E c \in DOMAIN lines : lines[c].frames # <<>> \/ Dead(c)
    \/ \E m \in Here :
        \/ net[m].pace = "FROZEN"
        \/ net[m].pace = "BEHIND" /\ down[m] # <<>>
        \/ CanAct(m) /\ (mem[m].timers.RECONNECT # -1 \/ (mem[m].phase = "INSIDE" /\ ~net[m].open))
    \/ Quiet /\ SetTimers # {}

\* <<System>>_vars, told by what it does not do: nobody comes, leaves or wants anything, and nothing breaks.
Away == {m \in Members : net[m].life = "AWAY"}
SystemStep == budget' = budget /\ Away' = Away

\* Weak fairness of System. What is sent arrives, timers run out, who hangs goes on, in any order but in the end; people
\* and faults do as they like.
Fairness == []<>~GoesOn \/ []<><<SystemStep>>_vars
\* Resting is a step of its own, so that TLC reports as a deadlock where GoesOn is true and nothing can go on.
Rest == ~GoesOn /\ UNCHANGED vars
FairSpec == Init /\ [][Next \/ Rest]_vars /\ Fairness
\* And the other way round: where GoesOn is false, nothing does but what people and faults do.
NothingElseGoesOn == [][SystemStep => GoesOn]_vars

Inside(m) == Good(mem[m]) /\ mem[m].phase = "INSIDE"
\* Waits for a host, as it must for all that those inside know.
Waits(m) ==
    /\ mem[m].phase = "INSIDE" /\ mem[m].asking.set /\ Barred(mem[m])
    /\ \A p \in Here : Inside(p) => Bars(mem[p], m)
AllInside == \A m \in Here : Inside(m) \/ Waits(m)
NobodyGone == \A m \in Here, p \in Members \ Here : Inside(m) => MemberLeaf(mem[m].view.roster, p) = {}
OneView == \A m, p \in Here : Waits(m) \/ Waits(p) \/ mem[m].view = mem[p].view
NobodyRemoved == \A m \in Here : Inside(m) => \A l \in DOMAIN mem[m].view.roster : ~RemovedLeaf(mem[m], l)
OneMind == \A m, p \in Here : Inside(m) /\ Inside(p) => mem[m].rules = mem[p].rules

\* Under fairness, from some time on (people and faults have an end, since their budgets have):
\* everyone who asks to join and stays is admitted;
EveryoneWhoStaysIsAdmitted == <>[]AllInside
\* everyone gone is removed;
EveryoneGoneIsRemoved == <>[]NobodyGone
\* no split lasts;
NoSplitLasts == <>[]OneView
\* everyone whom a host removed is out;
EveryoneRemovedIsOut == <>[]NobodyRemoved
\* all know the same rules, whatever hosts said at the same moment.
AllAgree == <>[]OneMind

(* Every step of System either lengthens a log (or starts one) or uses up one of finitely many frames, timers or      *)
(* pauses, and Environment's budget is finite. So no state comes twice in a run, and where TLC's search ends, every   *)
(* run does, too: in a state in which nothing goes on any more. What must come about in the end under Fairness is     *)
(* thus what holds in each such state. Checked as invariants, this finds in a search that does not end, too, what the  *)
(* above finds at its end.                                                                                            *)
AtRest == ~GoesOn
RestsAdmitted == AtRest => AllInside
RestsWithoutGone == AtRest => NobodyGone
RestsInOneView == AtRest => OneView
RestsInOneMind == AtRest => OneMind /\ NobodyRemoved

\* A commit storm ends, and how soon: so many commits and groups at most for each who came, left or wanted a new epoch, each fault.
Causes ==
    Cardinality({m \in Members : net[m].life # "AWAY"}) + (MaxFaults - budget.faults) + (MaxLeaves - budget.leaves)
        + (MaxRekeys - budget.rekeys) + (MaxDeeds - budget.deeds)
ACommitStormEnds == Cardinality(accepted) <= 4 * Causes
=============================================================================
