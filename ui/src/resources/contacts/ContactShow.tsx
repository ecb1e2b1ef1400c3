import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Avatar, Badge, Skeleton } from "@/components/ui/bits";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";
import { BackLink } from "@/layout/BackLink";
import { PageHeader } from "@/layout/PageHeader";
import { ContactTasks } from "./ContactTasks";
import { IdentityCard } from "./IdentityCard";
import { ProfilePanel } from "./ProfilePanel";
import { Timeline } from "./Timeline";

const COLUMN = "scrollbar-thin min-w-0 p-4 xl:min-h-0 xl:overflow-y-auto";

/** One customer: who it is, all that happened, and what the numbers say. */
export function ContactShow() {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const { id } = useParams({ strict: false }) as { id: string };
  const {
    data: profile,
    error,
    refetch,
  } = useQuery({ queryKey: keys.profile(id), queryFn: () => data.profile(id) });

  if (error && !profile) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const contact = profile?.contact;
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <PageHeader
        title={contact?.name ?? t("common.loading")}
        before={
          <>
            <BackLink to="/contacts" label={t("nav.contacts")} />
            {contact && <Avatar name={contact.name} />}
          </>
        }
        note={
          contact?.segment && (
            <Badge color={contact.segment.color}>{formats.text(contact.segment.name)}</Badge>
          )
        }
      />
      {profile ? (
        <div
          tabIndex={0}
          className="scrollbar-thin grid min-h-0 grid-cols-1 content-start overflow-y-auto outline-none md:grid-cols-[17rem_minmax(0,1fr)] xl:grid-cols-[18rem_minmax(0,1fr)_21rem] xl:content-stretch xl:overflow-hidden"
        >
          <div className={`${COLUMN} md:row-span-2 md:border-r xl:row-span-1`}>
            <IdentityCard profile={profile} />
          </div>
          <div className={`${COLUMN} order-last border-t md:order-none md:border-t-0`}>
            <ContactTasks contactId={id} />
            <Timeline contactId={id} />
          </div>
          <div className={`${COLUMN} border-t xl:border-t-0 xl:border-l`}>
            <ProfilePanel profile={profile} />
          </div>
        </div>
      ) : (
        <div role="status" aria-label={t("common.loading")} className="grid gap-4 p-6">
          <Skeleton className="w-64" />
          <Skeleton className="w-96" />
          <Skeleton className="w-80" />
        </div>
      )}
    </div>
  );
}
