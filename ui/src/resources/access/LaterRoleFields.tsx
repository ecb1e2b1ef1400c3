import { lazy, Suspense, type ComponentProps } from "react";

import { Skeleton } from "@/components/ui/bits";

const RoleFields = lazy(() => import("./RoleFields"));

/** The rules for fields, which come after the rest of the role. */
export const LaterRoleFields = (props: ComponentProps<typeof RoleFields>) => (
  <Suspense fallback={<Skeleton className="w-64" />}>
    <RoleFields {...props} />
  </Suspense>
);
