import {
  BrainCircuit,
  Building2,
  CheckSquare,
  Combine,
  FileUp,
  House,
  LifeBuoy,
  Package,
  RadioTower,
  Receipt,
  ScatterChart,
  Settings,
  SquareKanban,
  Ticket,
  Users,
  type LucideIcon,
} from "lucide-react";

/** A place in the sidebar, the palette and the shortcut help. */
export interface Place {
  key:
    | "home"
    | "tasks"
    | "contacts"
    | "companies"
    | "deals"
    | "orders"
    | "products"
    | "tickets"
    | "pool"
    | "segments"
    | "models"
    | "imports"
    | "sources"
    | "duplicates"
    | "settings";
  to: string;
  icon: LucideIcon;
  /** Typed after `g`. */
  letter: string;
}

const place = (key: Place["key"], icon: LucideIcon, letter: string): Place => ({
  key,
  icon,
  letter,
  to: key === "home" ? "/" : `/${key}`,
});

export const GROUPS: { key: "work" | "records" | "insight" | "data"; places: Place[] }[] = [
  { key: "work", places: [place("home", House, "h"), place("tasks", CheckSquare, "t")] },
  {
    key: "records",
    places: [
      place("contacts", Users, "c"),
      place("companies", Building2, "o"),
      place("deals", SquareKanban, "d"),
      place("orders", Receipt, "r"),
      place("products", Package, "p"),
      place("tickets", Ticket, "k"),
      place("pool", LifeBuoy, "l"),
    ],
  },
  {
    key: "insight",
    places: [place("segments", ScatterChart, "s"), place("models", BrainCircuit, "m")],
  },
  {
    key: "data",
    places: [
      place("imports", FileUp, "i"),
      place("sources", RadioTower, "u"),
      place("duplicates", Combine, "w"),
    ],
  },
];

export const SETTINGS = place("settings", Settings, ",");
export const PLACES: Place[] = [...GROUPS.flatMap((group) => group.places), SETTINGS];
