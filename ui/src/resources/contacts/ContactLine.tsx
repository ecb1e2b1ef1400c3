import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Reference } from "@/api/types";
import { Avatar } from "@/components/ui/bits";

/** A customer as one line of a list, with a figure at its end. */
export function ContactLine({ contact, figure }: { contact: Reference; figure?: ReactNode }) {
  return (
    <Link
      to="/contacts/$id"
      params={{ id: contact.id }}
      className="flex h-9 items-center gap-2 rounded-md px-2 hover:bg-hover"
    >
      <Avatar name={contact.name} />
      <span className="min-w-0 flex-1 truncate" title={contact.name}>
        {contact.name}
      </span>
      <span className="numeric shrink-0 text-ink-2">{figure}</span>
    </Link>
  );
}
