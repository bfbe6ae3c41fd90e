import type { Path } from "../call/view-state";

/** In the order in which they are offered. */
export const PATHS: readonly Path[] = ["direct", "relay", "hidden"];

/** What a path is called, and what it means in one sentence. */
export const PATH_WORDS: Record<Path, { readonly name: string; readonly means: string }> = {
  direct: {
    name: "Direct",
    means: "Quickest for a few people; everyone in the call can see everyone’s IP address.",
  },
  relay: {
    name: "Relay",
    means: "For larger calls; only the relay sees IP addresses, and it gets nothing but encrypted data.",
  },
  hidden: {
    name: "Hide my address",
    means: "Like direct, but through a TURN server, so that nobody in the call sees an IP address.",
  },
};

/** For the line above the call. */
export const PATH_CHIP: Record<Path, string> = {
  direct: "Encrypted, direct",
  relay: "Encrypted, relayed",
  hidden: "Encrypted, address hidden",
};
