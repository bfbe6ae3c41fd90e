------------------------------ MODULE RoomTrace ------------------------------
(***************************************************************************)
(* Follows what was recorded of the real machine in a simulated network:   *)
(* each line of the trace is an action of Room, and the state of the       *)
(* member that it concerns must be the recorded one afterwards. Where that *)
(* is not possible there is no next state: TLC reports a deadlock.         *)
(***************************************************************************)
EXTENDS Room

CONSTANT Trace      \* a sequence of lines [do, who, ...]

VARIABLE line       \* the number of the next one

TraceInit ==
    /\ mem = Nothing.mem
    \* The trace says who reads when.
    /\ net = [m \in Members |-> [Nothing.net[m] EXCEPT !.pace = "BEHIND"]]
    /\ lines = Nothing.lines /\ down = Nothing.down /\ srv = Nothing.srv /\ accepted = Nothing.accepted
    /\ excused = Nothing.excused /\ misled = Nothing.misled /\ door = Nothing.door /\ budget = Nothing.budget
    /\ line = 1

\* What the trace tells of a member's state (sotto.rooms.machine.RoomState).
Observed(s) ==
    [phase |-> s.phase, sequence |-> s.sequence, standing |-> s.standing, group |-> s.view.group,
     epoch |-> s.view.epoch, leaf |-> s.leaf, since |-> s.since,
     roster |-> [l \in DOMAIN s.view.roster |-> s.view.roster[l][1]],
     seats |-> [l \in DOMAIN s.seats |-> s.seats[l].since],
     going |-> s.going, wanted |-> s.wanted, inFlight |-> s.inFlight.kind,
     asking |-> IF s.asking.set THEN s.asking.sequence ELSE -1,
     turn |-> s.timers.TURN, admission |-> s.timers.ADMISSION,
     term |-> s.rules.term, rulesSince |-> s.rulesSince, heard |-> s.heard, passes |-> s.passes, complete |-> s.complete]

Event(m, event) == Settle([World EXCEPT !.mem[m] = Step(@, event)], {})

After(t) ==
    LET m == t.who IN
    CASE t.do = "enter" -> Event(m, [t |-> "enter"])
      [] t.do = "leave" -> Event(m, [t |-> "leave"])
      [] t.do = "rekey" -> Event(m, [t |-> "rekey"])
      [] t.do = "fired" -> Event(m, [t |-> "fired", timer |-> t.timer])
      \* the maker's signed word, by way of a member
      [] t.do = "rule" -> Settle(Says(World, m, t.rules), {})
      [] t.do = "admit" ->
            Settle([World EXCEPT !.mem[m] = Post(@, OwnKey(@), [type |-> "admit", author |-> Maker, pass |-> t.pass])], {})
      \* the client hears that its connection is over
      [] t.do = "closed" ->
            LET w == Event(m, [t |-> "closed"]) IN [w EXCEPT !.net[m].open = FALSE, !.down[m] = <<>>]
      [] t.do = "read" ->
            LET one == Settle([World EXCEPT !.down[m] = <<Head(@)>>], {m})
            IN  [one EXCEPT !.down[m] = Tail(down[m])]
      \* the server
      [] t.do = "accept" -> Settle(LetIn(World, m, 1), {})
      [] t.do = "arrives" -> Receive(World, t.connection, 1)
      [] t.do = "gone" -> Close(World, t.connection)
      [] t.do = "stop" -> [World EXCEPT !.lines = <<>>, !.srv[1].present = <<>>,
                                        !.excused = [p \in Members |-> mem[p].drafts]]
      \* the client's end
      [] t.do = "drop" -> [World EXCEPT !.net[m].open = FALSE]
      [] t.do = "crash" -> [World EXCEPT !.net[m].life = "CRASHED", !.net[m].open = FALSE]

Possible(t) ==
    CASE t.do = "read" -> down[t.who] # <<>> /\ Head(down[t.who]).t = t.frame
      [] t.do = "fired" -> mem[t.who].timers[t.timer] # -1
      [] t.do = "arrives" -> t.connection \in DOMAIN lines /\ lines[t.connection].frames # <<>>
      [] t.do = "gone" -> t.connection \in DOMAIN lines
      [] t.do = "accept" -> net[t.who].dialling
      [] OTHER -> TRUE

Follow(t) ==
    /\ Possible(t)
    /\ Become(After(t))
    /\ "state" \in DOMAIN t => Observed(mem'[t.who]) = t.state

TraceNext ==
    \/ line <= Len(Trace) /\ Follow(Trace[line]) /\ line' = line + 1
    \/ line > Len(Trace) /\ UNCHANGED <<vars, line>>

TraceSpec == TraceInit /\ [][TraceNext]_<<vars, line>>
=============================================================================
