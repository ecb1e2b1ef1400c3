import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { useLikelihood } from "@/resources/duplicates/useLikelihood";
import { OPEN } from "@/resources/duplicates/useQueue";

/** Pairs that are told of on a record; the queue has them all. */
const N_SHOWN = 5;

/** Contacts that may be the same person as this one, with the way to compare. */
export function PossibleDuplicates({ contactId }: { contactId: string }) {
  const t = useT();
  const data = useData();
  const likelihoodOf = useLikelihood();
  const pairs = useQuery({
    queryKey: keys.matchPairs("of-contact", contactId),
    queryFn: () =>
      data.matchPairs(
        { filter: [OPEN, { field: "contact_id", op: "eq", value: contactId }], sort: "-probability" },
        { limit: N_SHOWN },
      ),
    retry: false,
  }).data?.items;
  if (!pairs || pairs.length === 0) return null;
  return (
    <section className="mt-5">
      <h2 id="possible-duplicates" className="mb-1.5 text-xs font-medium text-ink-2">
        {t("identity.possible")}
      </h2>
      <ul aria-labelledby="possible-duplicates" className="divide-y rounded-lg border">
        {pairs.map((pair) => {
          const { id, left, right } = pair;
          const other = left.contact_id === contactId ? right : left;
          const { words, percent } = likelihoodOf(pair);
          return (
            <li key={id} className="flex items-center gap-2 px-3 py-2">
              <span className="min-w-0 flex-1">
                <Link
                  to="/contacts/$id"
                  params={{ id: other.contact_id }}
                  className="block truncate font-medium hover:underline"
                >
                  {other.name}
                </Link>
                <span className="block text-xs text-ink-2">
                  {words} · {percent}
                </span>
              </span>
              <Button asChild size="sm">
                <Link
                  to="/duplicates"
                  search={{ pair: id }}
                  aria-label={t("identity.compareWith", { name: other.name })}
                >
                  {t("identity.compare")}
                </Link>
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
