import { Merge } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { Reference } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { loadTexts } from "@/i18n";
import { useMayMerge } from "./useMayMerge";

const MergeDialog = lazy(async () => {
  await Promise.all([loadTexts("identity"), loadTexts("duplicates")]);
  return import("./MergeDialog");
});

interface LaterMergeProps {
  label: string;
  first: Reference;
  /** Null where it is chosen in the dialog. */
  second: Reference | null;
  onMerged: (merge: { stays: Reference; goes: Reference }) => void;
  variant?: "ghost" | "secondary";
}

/** The way to merge two contacts, for those who may; what it needs comes when it is opened. */
export function LaterMerge({ label, variant = "secondary", ...dialog }: LaterMergeProps) {
  const { merge } = useMayMerge();
  const [isOpen, setOpen] = useState(false);
  if (!merge) return null;
  const isSmall = variant === "ghost";
  return (
    <>
      <Button
        variant={variant}
        {...(isSmall ? { size: "sm" as const, className: "-ml-2" } : {})}
        onClick={() => setOpen(true)}
      >
        <Merge />
        {label}
      </Button>
      <Suspense>{isOpen && <MergeDialog {...dialog} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
