package sotto.rooms.explore;

/** A property that does not hold, and how that shows. */
public record Violation(Property property, String detail) {
    @Override
    public String toString() {
        return property + " is violated: " + detail;
    }
}
