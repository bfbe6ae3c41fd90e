package sotto.bridge.types;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sotto.bridge.messages.Limits;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.Shape;
import sotto.bridge.messages.Shape.Choice;
import sotto.bridge.messages.Shape.Flag;
import sotto.bridge.messages.Shape.Many;
import sotto.bridge.messages.Shape.Structure;
import sotto.bridge.messages.Shape.Text;
import sotto.bridge.messages.Shape.Whole;
import sotto.bridge.messages.Track;

/**
 * One TypeScript file for one end of the bridge: the types of both directions, and parsers for what this end receives.
 * The parsers refuse what {@code BridgeCodec} refuses, but for duplicate keys (which {@code JSON.parse} hides) and the
 * checks inside the records' constructors.
 */
final class TypeScriptFile {
    private final TypeNames names;
    private final Class<?> sent;
    private final Class<?> received;
    private final StringBuilder out = new StringBuilder();
    /** Readers that the parser reaches, by the function's name: only what is used is written. */
    private final Map<String, String> readers = new LinkedHashMap<>();

    TypeScriptFile(TypeNames names, Class<?> sent, Class<?> received) {
        this.names = names;
        this.sent = sent;
        this.received = received;
    }

    String text() {
        line("// Generated from the Java records of sotto.bridge.messages, where the meaning of each field is told.");
        line("// Do not edit: the next build overwrites it.");
        line("");
        constants(Protocol.class);
        constants(Limits.class);
        declarations();
        union(sent);
        union(received);
        parser();
        return out.toString();
    }

    private void constants(Class<?> holder) {
        line("export const " + holder.getSimpleName() + " = {");
        for (Field field : holder.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (!Modifier.isPublic(modifiers) || !Modifier.isStatic(modifiers)) continue;
            try {
                Object value = field.get(null);
                line("  " + field.getName() + ": " + (value instanceof String s ? quoted(s) : value) + ",");
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        line("} as const;");
        line("");
    }

    // Types

    private void declarations() {
        Set<Shape> nested = new LinkedHashSet<>();
        nested.add(Shape.choice(Track.class));
        for (Class<?> family : List.of(sent, received)) {
            for (Structure message : Shape.messagesOf(family).values())
                message.fields().forEach(field -> collect(field.shape(), nested));
        }
        for (Shape shape : nested) {
            if (shape instanceof Choice choice) enumeration(choice);
            if (shape instanceof Structure structure) structure(structure, null);
        }
        for (Class<?> family : List.of(sent, received)) {
            Shape.messagesOf(family).forEach((type, message) -> structure(message, type));
        }
    }

    private static void collect(Shape shape, Set<Shape> into) {
        switch (shape) {
            case Text text -> {}
            case Flag flag -> {}
            case Whole whole -> {}
            case Choice choice -> into.add(choice);
            case Many many -> collect(many.element(), into);
            case Structure structure -> {
                structure.fields().forEach(field -> collect(field.shape(), into));
                into.add(structure);
            }
        }
    }

    /** The values in the order of their ordinals: a track's index is its number in the KID. */
    private void enumeration(Choice choice) {
        String values =
                choice.values().keySet().stream().map(TypeScriptFile::quoted).collect(Collectors.joining(", "));
        line("export const " + valuesName(choice) + " = [" + values + "] as const;");
        line("export type " + names.of(choice.type()) + " = (typeof " + valuesName(choice) + ")[number];");
        line("");
    }

    private void structure(Structure structure, String type) {
        line("export interface " + names.of(structure.type()) + " {");
        if (type != null) line("  readonly type: " + quoted(type) + ";");
        for (Shape.Field field : structure.fields()) {
            line("  readonly " + field.name() + ": " + type(field.shape()) + (field.nullable() ? " | null" : "") + ";");
        }
        line("}");
        line("");
    }

    private String type(Shape shape) {
        return switch (shape) {
            case Text text -> "string";
            case Flag flag -> "boolean";
            case Whole whole -> "number";
            case Choice choice -> names.of(choice.type());
            case Many many -> "readonly " + type(many.element()) + "[]";
            case Structure structure -> names.of(structure.type());
        };
    }

    private void union(Class<?> family) {
        line("export type " + family.getSimpleName() + " =");
        List<String> members = Shape.messagesOf(family).values().stream()
                .map(message -> "  | " + names.of(message.type()))
                .toList();
        line(String.join("\n", members) + ";");
        line("");
    }

    // Parsers

    private void parser() {
        List<String> cases = new ArrayList<>();
        Shape.messagesOf(received).forEach((type, message) -> {
            reader(message, type);
            cases.add("    case " + quoted(type) + ":\n      return " + readerName(message) + "(value, " + quoted(type)
                    + ");");
        });
        String family = received.getSimpleName();
        line(
                "/** The message that a text frame of the backend holds. Throws MalformedMessage if it is anything else. */");
        line("export function parse" + family + "(text: string): " + family + " {");
        line("  const value = jsonIn(text);");
        line("  switch (typeIn(value)) {");
        line(String.join("\n", cases));
        line("    default:");
        line("      throw new MalformedMessage(\"the message has an unknown type\");");
        line("  }");
        line("}");
        line("");
        line(BASICS);
        String used = String.join("", readers.values());
        HELPERS.forEach((name, source) -> {
            if (used.contains(name + "(")) line(source);
        });
        line(String.join("\n", readers.values()).stripTrailing());
    }

    /** @param type value of the {@code type} field, or null for a record that is no message */
    private void reader(Structure structure, String type) {
        String function = readerName(structure);
        if (readers.containsKey(function)) return;
        readers.put(function, "");
        List<String> keys = new ArrayList<>();
        if (type != null) keys.add("type");
        structure.fields().forEach(field -> keys.add(field.name()));

        StringBuilder body = new StringBuilder();
        body.append("function ").append(function).append("(value: unknown, where: string): ");
        body.append(names.of(structure.type())).append(" {\n");
        body.append(structure.fields().isEmpty() ? "  " : "  const fields = ").append("fieldsIn(value, where, [");
        body.append(keys.stream().map(TypeScriptFile::quoted).collect(Collectors.joining(", ")));
        body.append("]);\n  return {\n");
        if (type != null) body.append("    type: ").append(quoted(type)).append(",\n");
        for (Shape.Field field : structure.fields()) {
            String at = "`${where}." + field.name() + "`";
            String read = call(field.shape(), "fields.get(" + quoted(field.name()) + ")", at);
            if (field.nullable()) read = "fields.get(" + quoted(field.name()) + ") === null ? null : " + read;
            body.append("    ").append(field.name()).append(": ").append(read).append(",\n");
        }
        body.append("  };\n}\n");
        readers.put(function, body.toString());
    }

    private String call(Shape shape, String value, String where) {
        return switch (shape) {
            case Text text -> "textIn(" + value + ", " + where + ")";
            case Flag flag -> "flagIn(" + value + ", " + where + ")";
            case Whole whole -> "wholeIn(" + value + ", " + where + ", " + whole.least() + ", " + whole.most() + ")";
            case Choice choice -> "choiceIn(" + value + ", " + where + ", " + valuesName(choice) + ")";
            case Many many ->
                "listIn(" + value + ", " + where + ", (element, at) => " + call(many.element(), "element", "at") + ")";
            case Structure structure -> {
                reader(structure, null);
                yield readerName(structure) + "(" + value + ", " + where + ")";
            }
        };
    }

    private String readerName(Structure structure) {
        return "read" + names.of(structure.type());
    }

    private String valuesName(Choice choice) {
        String words = names.of(choice.type()).replaceAll("([a-z])([A-Z])", "$1_$2");
        return words.toUpperCase(Locale.ROOT) + "_VALUES";
    }

    private static String quoted(String text) {
        if (!text.matches("[A-Za-z0-9 ./_-]*")) throw new IllegalArgumentException("needs escaping: " + text);
        return '"' + text + '"';
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private static final String BASICS = """
            /** What was received is not a message of the contract. Names fields, never values. */
            export class MalformedMessage extends Error {
              override readonly name = "MalformedMessage";
            }

            function jsonIn(text: string): unknown {
              if (text.length > Limits.MESSAGE_BYTES) throw new MalformedMessage("the message is too large");
              try {
                return JSON.parse(text);
              } catch {
                throw new MalformedMessage("the message is not JSON");
              }
            }

            function typeIn(value: unknown): unknown {
              if (typeof value !== "object" || value === null || !Object.hasOwn(value, "type") || !("type" in value))
                throw new MalformedMessage("the message has no type");
              return value.type;
            }

            /** The object's own fields, which must be exactly those named. */
            function fieldsIn(value: unknown, where: string, names: readonly string[]): ReadonlyMap<string, unknown> {
              if (typeof value !== "object" || value === null || Array.isArray(value))
                throw new MalformedMessage(`${where} is not an object`);
              const fields = new Map<string, unknown>(Object.entries(value));
              for (const name of names) {
                if (!fields.has(name)) throw new MalformedMessage(`${where}.${name} is missing`);
              }
              if (fields.size !== names.length) throw new MalformedMessage(`${where} has an unknown field`);
              return fields;
            }
            """;

    private static final Map<String, String> HELPERS = new LinkedHashMap<>();

    static {
        HELPERS.put("textIn", """
                function textIn(value: unknown, where: string): string {
                  if (typeof value !== "string") throw new MalformedMessage(`${where} is not a text`);
                  return value;
                }
                """);
        HELPERS.put("flagIn", """
                function flagIn(value: unknown, where: string): boolean {
                  if (typeof value !== "boolean") throw new MalformedMessage(`${where} is not true or false`);
                  return value;
                }
                """);
        HELPERS.put("wholeIn", """
                function wholeIn(value: unknown, where: string, least: number, most: number): number {
                  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most)
                    throw new MalformedMessage(`${where} is not a whole number in range`);
                  return value;
                }
                """);
        HELPERS.put("choiceIn", """
                function choiceIn<T extends string>(value: unknown, where: string, choices: readonly T[]): T {
                  const found = choices.find((choice) => choice === value);
                  if (found === undefined) throw new MalformedMessage(`${where} is none of the known values`);
                  return found;
                }
                """);
        HELPERS.put("listIn", """
                function listIn<T>(value: unknown, where: string, read: (element: unknown, at: string) => T): readonly T[] {
                  if (!Array.isArray(value)) throw new MalformedMessage(`${where} is not a list`);
                  return value.map((element: unknown, index) => read(element, `${where}[${index}]`));
                }
                """);
    }
}
