import { Link } from "@tanstack/react-router";
import { ArrowRight, X } from "lucide-react";

import { useData } from "@/api/context";
import type { Segment } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Paged } from "@/components/admin/Paged";
import { usePages } from "@/components/admin/usePages";
import { Card } from "@/components/ui/bits";
import { Button, IconButton } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { ContactLine } from "@/resources/contacts/ContactLine";

/** Who is in a segment. */
export function Members({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const members = usePages(keys.members(segment.id), (request) => data.members(segment.id, request), 24);
  return (
    <Card>
      <div className="flex items-start justify-between gap-2 px-4 pt-3 pb-1">
        <h2 className="min-w-0 font-semibold break-words">
          {t("segments.membersOf", {
            name: formats.text(segment.name),
            count: segment.size,
            text: formats.number(segment.size),
          })}
        </h2>
        <IconButton label={t("common.close")} className="-mt-1.5 -mr-2" onClick={onClose}>
          <X />
        </IconButton>
      </div>
      <Button asChild variant="ghost" size="sm" className="mx-2 mb-1">
        <Link to="/contacts" search={{ filter: [`segment_id:eq:${segment.id}`] }}>
          {t("segments.openInContacts")}
          <ArrowRight />
        </Link>
      </Button>
      <Paged pages={members} isEmpty={members.rows.length === 0} empty={t("segments.noMembers")}>
        <ul className="px-2 pb-2">
          {members.rows.map((contact) => (
            <li key={contact.id}>
              <ContactLine
                contact={contact}
                figure={contact.total_spent && formats.money(contact.total_spent, "whole")}
              />
            </li>
          ))}
        </ul>
      </Paged>
    </Card>
  );
}
