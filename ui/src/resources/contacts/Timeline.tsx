import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { NoteComposer } from "@/resources/notes/NoteComposer";
import { useMay } from "@/resources/session/useSession";
import { Entry, ViewRun } from "./TimelineEntry";
import { byMonth, FACETS, isOfFacet, withRuns, type Facet } from "./timelineModel";

const PAGE = 40;
/** A narrowed timeline asks for more by itself until this many entries are there. */
const N_WANTED = 10;
const MAX_PAGES = 10;

/** Everything that happened with a customer, over all channels, newest first. */
export function Timeline({ contactId }: { contactId: string }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("write");
  const [facet, setFacet] = useState<Facet>("all");
  const timeline = usePages(keys.timeline(contactId), (request) => data.timeline(contactId, request), PAGE);
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = timeline;
  const entries = rows.filter((entry) => isOfFacet(entry, facet));

  // The server pages over everything, so a narrow view may find little in the pages so far.
  const wantsMore = facet !== "all" && entries.length < N_WANTED && rows.length < MAX_PAGES * PAGE;
  useEffect(() => {
    if (wantsMore && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [wantsMore, hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className="mb-2 font-semibold">
        {t("timeline.title")}
      </h2>
      {/* By key: a draft belongs to its customer, and does not move on to the next one. */}
      {mayWrite && (
        <NoteComposer
          key={contactId}
          subject={{ kind: "contact", id: contactId }}
          onSaved={() => client.invalidateQueries({ queryKey: keys.timeline(contactId) })}
        />
      )}
      <FacetChips facet={facet} onChoose={setFacet} />
      <Paged pages={timeline} isEmpty={entries.length === 0 && !hasNextPage} empty={t("timeline.empty")}>
        {byMonth(entries).map(({ month, entries }) => (
          <div key={month}>
            <h3 className="sticky top-0 z-10 -mx-1 bg-canvas px-1 py-1.5 text-xs text-ink-3">
              {formats.month(month, "long")}
            </h3>
            <ol className="mb-3">
              {withRuns(entries).map((run) =>
                run.length > 1 ? (
                  <ViewRun key={run[0]?.id} entries={run} />
                ) : (
                  run.map((entry) => <Entry key={entry.id} entry={entry} />)
                ),
              )}
            </ol>
          </div>
        ))}
      </Paged>
    </section>
  );
}

function FacetChips({ facet, onChoose }: { facet: Facet; onChoose: (facet: Facet) => void }) {
  const t = useT();
  return (
    <div role="group" aria-label={t("timeline.show")} className="mb-1 flex flex-wrap gap-1">
      {FACETS.map((known) => (
        <button
          key={known}
          type="button"
          aria-pressed={facet === known}
          onClick={() => onChoose(known)}
          className={cn(
            "h-6 rounded-full border px-2.5 text-xs",
            facet === known
              ? "border-transparent bg-accent-soft font-medium text-accent-text"
              : "text-ink-2 hover:bg-hover",
          )}
        >
          {t(`timeline.facet.${known}`)}
        </button>
      ))}
    </div>
  );
}
