import { lazy, Suspense, type ComponentProps } from "react";

import { loadTexts } from "@/i18n";

const CustomCard = lazy(async () => {
  await loadTexts("custom");
  return import("./CustomCard");
});

/** The card of a record's own fields, which comes after the page. */
export function LaterCustomCard(props: ComponentProps<typeof CustomCard>) {
  return (
    <Suspense>
      <CustomCard {...props} />
    </Suspense>
  );
}
