/** What happened to each key, for people to audit: ids and words, never bytes. */
package sotto.keys.journal;
