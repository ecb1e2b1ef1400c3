import { useNavigate } from "@tanstack/react-router";
import { Database, Split } from "lucide-react";
import { lazy, Suspense, use, useState } from "react";

import type { Contact, Identity } from "@/api/types";
import { Button, IconButton } from "@/components/ui/Button";
import { loadTexts, useFormats, useT } from "@/i18n";
import { LaterMerge } from "@/resources/identity/LaterMerge";
import { LaterWhoIsWho } from "@/resources/identity/LaterWhoIsWho";
import { useMayMerge } from "@/resources/identity/useMayMerge";
import { MayChangeThis, useMay } from "@/resources/session/useSession";
import { SourceRecords } from "./SourceRecords";

const SplitDialog = lazy(
  async () => (await loadTexts("identity"), import("@/resources/identity/SplitDialog")),
);

/** The sources' views that a contact is made of, what was merged, and the ways to merge and to part. */
export function MadeOf({ contact, identities }: { contact: Contact; identities: Identity[] }) {
  const t = useT();
  const navigate = useNavigate();
  // A row of a file tells of other records and of every field.
  const mayRead = useMay("read_everything");
  const mayChangeThis = use(MayChangeThis) !== false;
  const maySplit = useMayMerge().split && mayChangeThis && identities.length > 1;
  const [isOpen, setOpen] = useState(false);
  const [splitting, setSplitting] = useState<string | null>(null);
  return (
    <>
      <section className="mt-5">
        <h2 className="mb-1.5 text-xs font-medium text-ink-2">{t("contact.sources")}</h2>
        <ul className="divide-y rounded-lg border">
          {identities.map((identity) => (
            <li key={identity.id} className="px-3 py-2">
              <IdentityLine
                identity={identity}
                onSplit={maySplit ? () => setSplitting(identity.id) : undefined}
              />
            </li>
          ))}
        </ul>
        <div className="mt-1.5 flex flex-wrap gap-x-3">
          {identities.length > 0 && mayRead && (
            <Button variant="ghost" size="sm" className="-ml-2" onClick={() => setOpen(true)}>
              <Database />
              {t("contact.showRecords")}
            </Button>
          )}
          {mayChangeThis && (
            <LaterMerge
              variant="ghost"
              label={t("contact.mergeWith")}
              first={contact}
              second={null}
              onMerged={({ stays }) => void navigate({ to: "/contacts/$id", params: { id: stays.id } })}
            />
          )}
        </div>
        {isOpen && <SourceRecords contactId={contact.id} onClose={() => setOpen(false)} />}
        <Suspense>
          {splitting && (
            <SplitDialog
              contact={contact}
              identities={identities}
              chosen={splitting}
              onClose={() => setSplitting(null)}
            />
          )}
        </Suspense>
      </section>
      <LaterWhoIsWho contactId={contact.id} />
    </>
  );
}

/** One source's view: which, what it calls the person, why it belongs here, and since when. */
function IdentityLine({ identity, onSplit }: { identity: Identity; onSplit: (() => void) | undefined }) {
  const t = useT();
  const formats = useFormats();
  const { source, profile_key, email, phone, n_records, rule, linked_at } = identity;
  const known = [profile_key, email, phone].filter(Boolean);
  return (
    <div className="flex items-start gap-1">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline justify-between gap-2">
          <span className="truncate font-medium">{source.name}</span>
          <span className="shrink-0 text-xs text-ink-3">{t("contact.nRecords", { count: n_records })}</span>
        </p>
        <p className="text-xs break-words text-ink-2">{[...new Set(known)].join(" · ")}</p>
        <p className="text-xs text-ink-3">
          {t(`contact.rule.${rule}`)} · {formats.date(linked_at)}
        </p>
      </div>
      {onSplit && (
        <IconButton
          label={t("contact.splitOff", { source: source.name, key: profile_key })}
          className="-mt-1 -mr-2"
          onClick={onSplit}
        >
          <Split />
        </IconButton>
      )}
    </div>
  );
}
