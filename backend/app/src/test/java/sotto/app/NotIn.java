package sotto.app;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;

/** Classes of ours that lie outside of some packages. */
final class NotIn extends DescribedPredicate<JavaClass> {
    private final List<String> allowed;

    NotIn(String... allowed) {
        super("are ours, but not in " + String.join(", ", allowed));
        this.allowed = List.of(allowed);
    }

    @Override
    public boolean test(JavaClass type) {
        return in(type, "sotto") && allowed.stream().noneMatch(name -> in(type, name));
    }

    static boolean in(JavaClass type, String name) {
        return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
    }
}
