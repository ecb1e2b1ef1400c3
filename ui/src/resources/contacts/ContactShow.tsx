import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Tabs } from "radix-ui";

import { useData } from "@/api/context";
import type { Contact, ContactProfile } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useEdit } from "@/components/admin/useEdit";
import { Skeleton } from "@/components/ui/bits";
import { ErrorState } from "@/components/ui/StateView";
import { useT } from "@/i18n";
import { BackLink } from "@/layout/BackLink";
import { PageHeader } from "@/layout/PageHeader";
import { useIsPhone } from "@/layout/useIsPhone";
import { LaterErase } from "@/resources/audit/LaterErase";
import { LaterSeenCard } from "@/resources/audit/LaterSeenCard";
import { LaterSharingCard } from "@/resources/access/LaterSharingCard";
import { OrdersCard } from "@/resources/orders/OrdersCard";
import { useFieldState } from "@/resources/session/useFieldState";
import { useMayChange } from "@/resources/session/useMayChange";
import { MayChangeThis } from "@/resources/session/useSession";
import { renamed } from "./contactModel";
import { ContactTasks } from "./ContactTasks";
import { LaterCustomCard } from "@/resources/custom/LaterCustomCard";
import { IdentityCard } from "./IdentityCard";
import { ProfilePanel } from "./ProfilePanel";
import { Timeline } from "./Timeline";

const COLUMN = "scrollbar-thin min-w-0 p-4 xl:min-h-0 xl:overflow-y-auto";

/** One customer: who it is, all that happened, and what the numbers say. */
export function ContactShow() {
  const t = useT();
  const data = useData();
  const { id } = useParams({ strict: false }) as { id: string };
  const {
    data: profile,
    error,
    refetch,
  } = useQuery({ queryKey: keys.profile(id), queryFn: () => data.profile(id) });

  const edit = useEdit("contacts");
  const isPhone = useIsPhone();

  const contact = profile?.contact;
  const mayChange = useMayChange("contact", contact);
  // The name is written with its parts.
  const stateOf = useFieldState("contact");
  const mayRename = ["name", "first_name", "last_name"].every((field) => stateOf(field) === "edit");

  if (error && !profile) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <MayChangeThis value={mayChange}>
      <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
        <PageHeader
          title={contact?.name ?? t("common.loading")}
          rename={
            contact && mayRename
              ? {
                  label: t("contact.name"),
                  onSave: (name) => void edit(contact, renamed(name), t("contact.name")),
                }
              : undefined
          }
          before={<BackLink resource="contacts" label={t("nav.contacts")} />}
          actions={contact && <LaterErase key={contact.id} contact={contact} />}
        />
        {profile === undefined ? (
          <div role="status" aria-label={t("common.loading")} className="grid content-start gap-4 p-6">
            <Skeleton className="w-64" />
            <Skeleton className="w-96" />
            <Skeleton className="w-80" />
          </div>
        ) : isPhone ? (
          <PhoneTabs profile={profile} />
        ) : (
          <div
            tabIndex={0}
            className="scrollbar-thin grid min-h-0 grid-cols-[17rem_minmax(0,1fr)] content-start overflow-y-auto outline-none xl:grid-cols-[18rem_minmax(0,1fr)_21rem] xl:content-stretch xl:overflow-hidden"
          >
            <div className={`${COLUMN} row-span-2 border-r xl:row-span-1`}>
              <IdentityCard key={profile.contact.id} profile={profile} />
              <LaterCustomCard resource="contacts" record={profile.contact} />
              <Sharing contact={profile.contact} />
            </div>
            <div className={COLUMN}>
              <History profile={profile} />
            </div>
            <div className={`${COLUMN} border-t xl:border-t-0 xl:border-l`}>
              <ProfilePanel profile={profile} orders={<Orders profile={profile} />} />
            </div>
          </div>
        )}
      </div>
    </MayChangeThis>
  );
}

const TABS = ["overview", "timeline", "orders"] as const;

/** On a phone one thing at a time: who it is, what happened, what was bought. */
function PhoneTabs({ profile }: { profile: ContactProfile }) {
  const t = useT();
  const pane = "scrollbar-thin min-h-0 overflow-y-auto p-4 outline-none";
  return (
    <Tabs.Root defaultValue="overview" className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <Tabs.List aria-label={profile.contact.name} className="grid grid-cols-3 border-b px-2">
        {TABS.map((tab) => (
          <Tabs.Trigger
            key={tab}
            value={tab}
            className="h-10 border-b-2 border-transparent text-ink-2 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {t(`contact.tab.${tab}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="overview" className={`${pane} grid grid-cols-[minmax(0,1fr)] content-start gap-5`}>
        <div className="min-w-0">
          <IdentityCard key={profile.contact.id} profile={profile} />
        </div>
        <Sharing contact={profile.contact} />
        <ProfilePanel profile={profile} />
      </Tabs.Content>
      <Tabs.Content value="timeline" className={pane}>
        <History profile={profile} />
      </Tabs.Content>
      <Tabs.Content value="orders" className={pane}>
        <Orders profile={profile} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Sharing({ contact }: { contact: Contact }) {
  const t = useT();
  const edit = useEdit("contacts");
  return (
    <div className="mt-4 phone:mt-0">
      <LaterSharingCard
        kind="contact"
        record={contact}
        name={contact.name}
        onAssign={(owner_id) => void edit(contact, { owner_id }, t("contact.owner"))}
      />
      <div className="mt-4 empty:hidden">
        <LaterSeenCard id={contact.id} />
      </div>
    </div>
  );
}

function History({ profile }: { profile: ContactProfile }) {
  return (
    <>
      {/* By key: a title begun here does not move on to the next customer. */}
      <ContactTasks key={profile.contact.id} contact={profile.contact} />
      <Timeline contactId={profile.contact.id} />
    </>
  );
}

function Orders({ profile: { contact } }: { profile: ContactProfile }) {
  return <OrdersCard of="contact_id" id={contact.id} total={contact.total_spent} />;
}
