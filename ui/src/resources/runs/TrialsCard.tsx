import { useState } from "react";

import { useData } from "@/api/context";
import type { RunDetail } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { Card, CardTitle } from "@/components/ui/bits";
import { Select } from "@/components/ui/fields";
import { Segmented } from "@/components/ui/Segmented";
import { useFormats, useT } from "@/i18n";
import { TrialParallel } from "./TrialParallel";
import { paramNames } from "./trialModel";
import { TrialScatter } from "./TrialScatter";
import { TrialTable } from "./TrialTable";

/** As many as the server gives at once: the pictures want all of them. */
const PAGE = 500;

type View = "progress" | "parallel";

/** A search: what was tried, how good it was, and how the best got better. */
export function TrialsCard({ run }: { run: RunDetail }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const [sort, setSort] = useState("number");
  const [view, setView] = useState<View>("progress");
  const [over, setOver] = useState("");
  const trials = usePages(
    keys.trials(run.id, sort),
    (request) => data.trials(run.id, { sort }, request),
    PAGE,
  );
  const params = paramNames(trials.rows);
  const isHigherBetter = run.headline?.higher_is_better ?? true;
  const pictured = { trials: trials.rows, isHigherBetter };
  return (
    <Card className="min-w-0" aria-labelledby="trials">
      <CardTitle
        id="trials"
        action={
          <span className="numeric text-xs text-ink-3">
            {t("trials.n", { count: run.n_trials, text: formats.number(run.n_trials) })}
          </span>
        }
      >
        {t("trials.title")}
      </CardTitle>
      {trials.rows.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-3 px-4 py-1">
            <Segmented<View>
              label={t("trials.view")}
              options={[
                { value: "progress", label: t("trials.progress") },
                { value: "parallel", label: t("trials.parallel") },
              ]}
              value={view}
              onChange={setView}
            />
            {view === "progress" && (
              <label className="flex items-center gap-2 text-xs text-ink-2">
                {t("trials.over")}
                <Select value={over} onChange={(event) => setOver(event.target.value)} className="w-40">
                  <option value="">{t("trials.number")}</option>
                  {params.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              </label>
            )}
          </div>
          {view === "progress" ? (
            <TrialScatter {...pictured} over={over === "" ? null : over} />
          ) : (
            <TrialParallel {...pictured} params={params} />
          )}
        </>
      )}
      <Paged pages={trials} isEmpty={trials.rows.length === 0} empty={t("trials.empty")}>
        {trials.rows.length > 0 && <TrialTable {...pictured} params={params} sort={sort} onSort={setSort} />}
      </Paged>
      {trials.hasNextPage && <p className="px-4 pb-3 text-xs text-ink-3">{t("trials.moreHint")}</p>}
    </Card>
  );
}
