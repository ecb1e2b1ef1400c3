import { createContext, use, type ReactNode } from "react";

import type { DataProvider } from "./dataProvider";

const DataContext = createContext<DataProvider | null>(null);

export function ProvideData({ data, children }: { data: DataProvider; children: ReactNode }) {
  return <DataContext value={data}>{children}</DataContext>;
}

export function useData(): DataProvider {
  const data = use(DataContext);
  if (data === null) throw new Error("no data provider above this component");
  return data;
}
