import type { Problem } from "../call/view-state";

/** A problem in its three sentences: what happened, what it means for privacy, what to do. */
export function ProblemText({ problem }: { readonly problem: Problem }) {
  return (
    <div class="problem" data-problem={problem.code}>
      <p class="problem-what">{problem.what}</p>
      {problem.privacy !== "" && <p class="problem-privacy">{problem.privacy}</p>}
      {problem.next !== "" && <p class="problem-next">{problem.next}</p>}
    </div>
  );
}
