/**
 * Every message between page, frame worker and backend. JSON text frames; the record's name in lower camel case is the
 * {@code type} field. Enums travel as their lower-case names with hyphens ({@code screen-audio}).
 */
package sotto.bridge.messages;
