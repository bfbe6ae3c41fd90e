package sotto.app;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;

/** One class by its name, and all in a package. */
final class NamedOrIn extends DescribedPredicate<JavaClass> {
    private final String name;
    private final String folder;

    NamedOrIn(String name, String folder) {
        super("are " + name + " or in " + folder);
        this.name = name;
        this.folder = folder;
    }

    @Override
    public boolean test(JavaClass type) {
        return type.getName().equals(name) || NotIn.in(type, folder);
    }
}
