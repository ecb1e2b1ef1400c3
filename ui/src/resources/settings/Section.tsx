import type { ReactNode } from "react";

import { Card } from "@/components/ui/bits";

export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <Card className="grid gap-4 p-5">
      <div>
        <h2 className="text-base font-semibold">{title}</h2>
        {hint && <p className="text-ink-2">{hint}</p>}
      </div>
      {children}
    </Card>
  );
}
