import type { MatchAcceptance, MatchAcceptanceSummary } from "@/api/types";
import { useFormats, useT } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { phaseOf, progressOf } from "./acceptanceModel";

/** Reasons that are told of; the rest are the same ones again, or very many. */
const N_REASONS = 3;

/** Where a merge of many stands, in a line. */
export function useAcceptanceLine(): (acceptance: MatchAcceptanceSummary) => string {
  const t = useT();
  const formats = useFormats();
  return (acceptance) => {
    const { n_merged, n_undone, n_pairs } = acceptance;
    const { done, total } = progressOf(acceptance);
    const way = { done: formats.number(done), total: formats.number(total) };
    const merged = { count: n_merged, text: formats.number(n_merged), total: formats.number(n_pairs) };
    const undone = { count: n_undone, text: formats.number(n_undone), total: formats.number(total) };
    switch (phaseOf(acceptance)) {
      case "merging":
        return t("duplicates.accepting", way);
      case "undoing":
        return t("duplicates.undoing", way);
      case "undone":
        return t("duplicates.undone", undone);
      case "undo_broke_off":
        return t("duplicates.undoBrokeOff", undone);
      case "failed":
        return t("duplicates.acceptBrokeOff", merged);
      case "cancelled":
        return t("duplicates.acceptStopped", merged);
      case "merged":
        return t("duplicates.accepted", merged);
    }
  };
}

interface LeftOverProps {
  acceptance: MatchAcceptanceSummary & Partial<Pick<MatchAcceptance, "refused" | "not_undone">>;
}

/** What was not merged or not taken back, and why, as far as it is known. */
export function LeftOver({ acceptance }: LeftOverProps) {
  const t = useT();
  const formats = useFormats();
  const { n_one, n_changed, n_refused, n_not_undone, refused = [], not_undone = [] } = acceptance;
  const counted = (count: number) => ({ count, text: formats.number(count) });
  const lines = [
    n_one > 0 && t("duplicates.acceptOne", counted(n_one)),
    n_changed > 0 && t("duplicates.acceptChanged", counted(n_changed)),
    n_refused > 0 && `${t("duplicates.acceptRefused", counted(n_refused))} ${reasonsOf(refused)}`,
    n_not_undone > 0 && `${t("duplicates.notUndone", counted(n_not_undone))} ${reasonsOf(not_undone)}`,
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  return (
    <ul className="grid gap-0.5 text-ink-2">
      {lines.map((line) => (
        <li key={line} className="break-words">
          {line}
        </li>
      ))}
    </ul>
  );
}

const reasonsOf = (refusals: MatchAcceptance["refused"]) =>
  [...new Set(refusals.map((one) => problemText(one)))].filter(Boolean).slice(0, N_REASONS).join(" ");
