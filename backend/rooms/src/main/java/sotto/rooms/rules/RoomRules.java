package sotto.rooms.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.group.Bytes;

/**
 * The rules in force: the maker's newest statement, which names the hosts, and what one of those hosts has said since.
 * Both travel together, so that whoever has the link can verify them alone.
 *
 * <p>Of two rules the greater one counts, whoever heard them in which order: first the maker's term, then the number.
 * So the maker's word ends whatever a named host said, and a host whom the maker no longer names has lost its say.
 *
 * @param maker empty while nobody has set rules
 * @param host a named host's statement of the same term
 */
public record RoomRules(Optional<Statement> maker, Optional<Statement> host) implements Comparable<RoomRules> {
    /** Nobody has said anything: open, and everybody may switch the path. */
    public static final RoomRules NONE = new RoomRules(Optional.empty(), Optional.empty());

    public RoomRules {
        Objects.requireNonNull(maker, "maker");
        Objects.requireNonNull(host, "host");
        if (maker.isPresent() && !maker.get().makers())
            throw new IllegalArgumentException("the maker's statement is a host's");
        if (host.isPresent()) {
            Statement said = host.get();
            if (maker.isEmpty() || said.makers() || said.term() != maker.get().term())
                throw new IllegalArgumentException("a host's statement belongs to another one of the maker's");
            if (!maker.get().hosts().contains(said.author()))
                throw new IllegalArgumentException("a statement is of somebody whom the maker did not name");
        }
    }

    /**
     * From statements as they travel: none, the maker's, or the maker's and a host's.
     *
     * @throws IllegalArgumentException if they do not belong together
     */
    public static RoomRules of(List<Statement> statements) {
        if (statements.size() > 2) throw new IllegalArgumentException("rules have two statements at most");
        return new RoomRules(
                statements.stream().findFirst(), statements.stream().skip(1).findFirst());
    }

    /** As they travel. */
    public List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        maker.ifPresent(statements::add);
        host.ifPresent(statements::add);
        return statements;
    }

    /** What holds now. */
    public Settings settings() {
        return host.or(() -> maker).map(Statement::settings).orElse(Settings.NONE);
    }

    /** Whom the maker has named. */
    public SortedSet<Bytes> named() {
        return maker.map(Statement::hosts).orElse(new TreeSet<>());
    }

    /** Whether this identity is a host, as far as the rules tell: nobody is before the maker has said anything. */
    public boolean host(Bytes identity) {
        return maker.filter(
                        said -> said.author().equals(identity) || said.hosts().contains(identity))
                .isPresent();
    }

    /** Whether this identity must go and stay out. Hosts cannot be removed while they are hosts. */
    public boolean removed(Bytes identity) {
        return settings().removed().contains(identity) && !host(identity);
    }

    public boolean locked() {
        return settings().locked();
    }

    /** The greater one is in force. Equal only if equal. */
    @Override
    public int compareTo(RoomRules other) {
        int order = compare(maker, other.maker);
        return order != 0 ? order : compare(host, other.host);
    }

    private static int compare(Optional<Statement> one, Optional<Statement> other) {
        if (one.isEmpty() || other.isEmpty()) return Boolean.compare(one.isPresent(), other.isPresent());
        int order = Long.compare(one.get().term(), other.get().term());
        if (order == 0) order = Long.compare(one.get().number(), other.get().number());
        return order != 0 ? order : one.get().encode().compareTo(other.get().encode());
    }
}
