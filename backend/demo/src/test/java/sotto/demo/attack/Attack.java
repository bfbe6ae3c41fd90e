package sotto.demo.attack;

/**
 * Something that is tried, and what must come of it.
 *
 * @param name as in {@code docs/attacks.md}
 */
record Attack(String name, Script script) {
    /** Does it, and fails if it has any other outcome than it must. */
    interface Script {
        void run(Scene scene) throws Exception;
    }
}
