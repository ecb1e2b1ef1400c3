import { Link } from "@tanstack/react-router";

import type { Priority, TicketStatus } from "@/api/types";
import { useEdit } from "@/components/admin/useEdit";
import { Card, Fact, Facts } from "@/components/ui/bits";
import { Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { RecordPage } from "@/layout/RecordPage";
import { LaterSharingCard } from "@/resources/access/LaterSharingCard";
import { NotesCard } from "@/resources/notes/NotesCard";
import { LaterCustomCard } from "@/resources/custom/LaterCustomCard";
import { Ruled } from "@/resources/session/Ruled";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMay } from "@/resources/session/useSession";
import { PRIORITIES, TicketBadge } from "./TicketBadge";
import { STATUSES } from "./TicketList";

export function TicketShow() {
  const t = useT();
  const formats = useFormats();
  const mayWrite = useMay("write");
  const stateOf = useFieldState("ticket");
  const edit = useEdit("tickets");
  return (
    <RecordPage
      resource="tickets"
      titleOf={(ticket) => ticket.subject}
      note={(ticket) => <TicketBadge status={ticket.status} />}
    >
      {(ticket) => (
        <div className="grid items-start gap-4 md:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <Card className="p-4">
              <p className="mb-2 text-xs text-ink-3">
                {ticket.contact?.name} · {formats.dateTime(ticket.created_at)}
              </p>
              <Ruled kind="ticket" field="body">
                <p className="text-base whitespace-pre-wrap">{ticket.body}</p>
              </Ruled>
            </Card>
            <NotesCard key={ticket.id} subject={{ kind: "ticket", id: ticket.id }} />
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <Card className="p-4">
              <Facts>
                <Fact label={t("ticket.status")}>
                  <Select
                    aria-label={t("ticket.status")}
                    disabled={!mayWrite || stateOf("status") !== "edit"}
                    value={ticket.status}
                    onChange={(event) =>
                      void edit(ticket, { status: event.target.value as TicketStatus }, t("ticket.status"))
                    }
                  >
                    {STATUSES.map((status) => (
                      <option key={status} value={status}>
                        {t(`ticket.is.${status}`)}
                      </option>
                    ))}
                  </Select>
                </Fact>
                <Fact label={t("ticket.priority")}>
                  <Select
                    aria-label={t("ticket.priority")}
                    disabled={!mayWrite || stateOf("priority") !== "edit"}
                    value={ticket.priority}
                    onChange={(event) =>
                      void edit(ticket, { priority: event.target.value as Priority }, t("ticket.priority"))
                    }
                  >
                    {PRIORITIES.map((priority) => (
                      <option key={priority} value={priority}>
                        {t(`priority.${priority}`)}
                      </option>
                    ))}
                  </Select>
                </Fact>
                <Fact label={t("order.customer")}>
                  {ticket.contact ? (
                    <Link
                      to="/contacts/$id"
                      params={{ id: ticket.contact.id }}
                      className="text-accent-text hover:underline"
                    >
                      {ticket.contact.name}
                    </Link>
                  ) : (
                    "—"
                  )}
                </Fact>
                <Fact label={t("ticket.channel")}>{t(`ticket.by.${ticket.channel}`)}</Fact>
              </Facts>
            </Card>
            <LaterSharingCard
              kind="ticket"
              record={ticket}
              name={ticket.subject}
              onAssign={(owner_id) => void edit(ticket, { owner_id }, t("contact.owner"))}
            />
            <LaterCustomCard resource="tickets" record={ticket} />
          </div>
        </div>
      )}
    </RecordPage>
  );
}
