import type * as Wire from "../types";
import { Random } from "./random";
import { addDeals } from "./deals";
import { addTasks, addTickets } from "./work";

/** The instant at which the make-believe company stands still. */
export const NOW = Date.parse("2026-11-24T09:00:00Z");
export const DAY = 86_400_000;
const CURRENCY = "GBP";

const FIRST = [
  "Yuki",
  "Noah",
  "Olga",
  "Ravi",
  "Ada",
  "Ines",
  "Xin",
  "Mia",
  "Wei",
  "Hugo",
  "Liam",
  "Nina",
  "Jun",
  "Sara",
  "Tom",
  "Lena",
  "Omar",
  "Zoë",
];
const LAST = [
  "Müller",
  "Smith",
  "Patel",
  "Okafor",
  "Kim",
  "Zhang",
  "García",
  "Novak",
  "Berg",
  "Haddad",
  "Chen",
  "Sato",
  "Rossi",
  "Dubois",
  "Liu",
  "Tanaka",
];
const HAN = ["王芳", "李娜", "张伟", "刘洋", "陈静", "杨敏", "赵磊", "黄丽", "周杰", "吴婷", "徐强", "孙悦"];
const FIRMS = [
  "Pinecone Retail",
  "Lumen",
  "Blue Harbor",
  "Helios Energy",
  "Fjord Foods",
  "星河科技",
  "Acme Labs",
  "Skyline Robotics",
  "Northwind",
  "Juniper Bank",
  "Cobalt & Co",
  "云图数据",
];
const PLACES = [
  ["Paris", "France"],
  ["London", "United Kingdom"],
  ["上海", "China"],
  ["Tokyo", "Japan"],
  ["Berlin", "Germany"],
  ["São Paulo", "Brazil"],
  ["San Francisco", "United States"],
  ["深圳", "China"],
] as const;
const TITLES = ["Buyer", "Head of Sales", "Store manager", "采购经理", "Founder", "Operations lead"];
const GOODS = [
  ["Heart T-light holder", "Candles"],
  ["Metal lantern", "Lighting"],
  ["Cream coat hanger", "Home"],
  ["Union jack water bottle", "Kitchen"],
  ["Red retrospot bag", "Bags"],
  ["Party bunting", "Party"],
  ["Jam making set", "Kitchen"],
  ["Alarm clock bakelike", "Home"],
  ["Regency cakestand", "Kitchen"],
  ["Lunch bag black skull", "Bags"],
  ["Popcorn holder", "Party"],
  ["Vintage doily", "Home"],
] as const;

interface Kind {
  name: Wire.LocalizedText;
  description: Wire.LocalizedText;
  color: string;
  weight: number;
  orders: [number, number];
  spend: [number, number];
  daysSince: [number, number];
  center: [number, number];
}

const text = (en: string, zh: string): Wire.LocalizedText => ({ en, zh });

export const KINDS: Kind[] = [
  {
    name: text("Champions", "重要价值客户"),
    description: text(
      "Buy often, spend most and bought only lately.",
      "购买频繁、消费最高，且近期仍在购买。",
    ),
    color: "#4f46e5",
    weight: 0.12,
    orders: [9, 32],
    spend: [380, 900],
    daysSince: [0, 30],
    center: [4.5, 5],
  },
  {
    name: text("Loyal regulars", "忠诚常客"),
    description: text(
      "A steady rhythm over a long time with baskets of middle size.",
      "长期保持稳定节奏，客单价居中。",
    ),
    color: "#0d9488",
    weight: 0.2,
    orders: [5, 12],
    spend: [180, 420],
    daysSince: [8, 70],
    center: [0.8, 0.6],
  },
  {
    name: text("Promising newcomers", "潜力新客"),
    description: text(
      "Came within the last months and already returned once.",
      "近几个月新来，且已复购一次。",
    ),
    color: "#ea580c",
    weight: 0.18,
    orders: [1, 3],
    spend: [140, 380],
    daysSince: [4, 60],
    center: [-6, 6],
  },
  {
    name: text("Big baskets, rarely", "低频大单客户"),
    description: text("Few orders, each far larger than usual.", "订单很少，但每单远高于平均。"),
    color: "#0284c7",
    weight: 0.1,
    orders: [1, 4],
    spend: [900, 2600],
    daysSince: [30, 190],
    center: [-2, 9],
  },
  {
    name: text("Slipping away", "流失预警客户"),
    description: text(
      "Used to buy often and are late by their own rhythm.",
      "过去购买频繁，如今已超出自身购买周期。",
    ),
    color: "#dc2626",
    weight: 0.18,
    orders: [4, 10],
    spend: [150, 420],
    daysSince: [110, 240],
    center: [-9.2, 0.6],
  },
  {
    name: text("One-time buyers", "单次购买客户"),
    description: text("Bought once, long ago, for a small amount.", "很久以前小额购买过一次。"),
    color: "#9333ea",
    weight: 0.22,
    orders: [1, 1],
    spend: [30, 160],
    daysSince: [160, 370],
    center: [-6.5, -2],
  },
];

export interface MemoryData {
  contacts: Wire.Contact[];
  companies: Wire.Company[];
  products: Wire.ProductDetail[];
  orders: Wire.OrderDetail[];
  tickets: Wire.Ticket[];
  pipelines: Wire.Pipeline[];
  deals: Wire.Deal[];
  tasks: Wire.Task[];
  imports: Wire.Import[];
  users: Wire.User[];
  runs: Wire.RunDetail[];
  segmentation: Wire.SegmentationDetail;
  map: Wire.SegmentationMap;
  kindOf: Map<string, number>;
}

export const iso = (at: number) => new Date(at).toISOString();
export const gbp = (amount: number): Wire.Money => ({
  amount_minor: Math.round(amount * 100),
  currency: CURRENCY,
});
const USED = { created_at: "2026-01-05T09:00:00Z", disabled_at: null };
const NOWHERE: Wire.Address = { street: null, city: null, region: null, postal_code: null, country: null };

/** A make-believe company of `n` customers. */
export function makeCompany(n: number, seed = 7, nDeals = Math.min(n, 60)): MemoryData {
  const random = new Random(seed);
  const owner = { id: random.id(), name: "Marta K." };
  const source = { id: random.id(), name: "Web shop" };
  const users: Wire.User[] = [
    {
      id: owner.id,
      name: "Marta Keller",
      email: "marta@acme.example",
      role: "admin",
      role_id: null,
      language: "en",
      ...USED,
    },
    {
      id: random.id(),
      name: "Sam Price",
      email: "sam@acme.example",
      role: "member",
      role_id: null,
      language: "en",
      ...USED,
    },
    {
      id: random.id(),
      name: "王静",
      email: "jing@acme.example",
      role: "member",
      role_id: null,
      language: "zh",
      ...USED,
    },
  ];
  const companies: Wire.Company[] = FIRMS.map((name, i) => ({
    id: random.id(),
    name,
    domain: `${["pinecone", "lumen", "blueharbor", "helios", "fjord", "xinghe", "acmelabs", "skyline", "northwind", "juniper", "cobalt", "yuntu"][i]}.example`,
    custom: {},
    n_contacts: random.between(1, 300),
    industry: random.pick(["Retail", "Energy", "Software", "Food", "Banking"]),
    n_employees: random.between(8, 4000),
    owner,
    address: { ...NOWHERE, city: PLACES[i % PLACES.length]![0], country: PLACES[i % PLACES.length]![1] },
    tags: [],
    created_at: iso(NOW - 400 * DAY),
    updated_at: iso(NOW - 9 * DAY),
    version: 1,
  }));
  const products: Wire.ProductDetail[] = GOODS.map(([name, category], i) => ({
    id: random.id(),
    sku: `${84000 + i * 37}${"ABC"[i % 3]}`,
    name,
    category,
    price: gbp(random.between(85, 1495) / 100),
    units_sold: random.between(900, 24_000),
    revenue: gbp(random.between(4000, 120_000)),
    created_at: iso(NOW - 500 * DAY),
    monthly: months(12).map((month, m) => ({
      month,
      units: Math.round(300 + 180 * Math.sin(m / 2 + i) + random.next() * 120),
      amount_minor: random.between(90_000, 900_000),
    })),
    buyers: [],
  }));
  const data: MemoryData = {
    contacts: [],
    companies,
    products,
    orders: [],
    tickets: [],
    pipelines: [],
    deals: [],
    tasks: [],
    imports: [],
    users,
    runs: [],
    kindOf: new Map(),
    segmentation: undefined as never,
    map: {
      ids: [],
      x: [],
      y: [],
      segment: [],
      axes: [
        { label: text("Frequency and value", "频次与价值"), explained: 0.41 },
        { label: text("Basket size", "客单规模"), explained: 0.19 },
      ],
    },
  };
  const segmentIds = KINDS.map(() => random.id());
  for (let i = 0; i < n; i++) addContact(data, random, i, { owner, source, segmentIds });
  data.segmentation = describe(data, segmentIds, random);
  addTasks(data, random, owner);
  addTickets(data, random, owner);
  addDeals(data, new Random(seed + 1), nDeals);
  for (const product of products)
    product.buyers = data.contacts
      .slice(0, 10)
      .map((c, i) => ({ contact: { id: c.id, name: c.name }, units: 240 - i * 19 }));
  return data;
}

interface Shared {
  owner: Wire.Reference;
  source: Wire.Reference;
  segmentIds: string[];
}

function addContact(data: MemoryData, random: Random, i: number, { owner, source, segmentIds }: Shared) {
  const kindIdx = drawKind(random);
  const kind = KINDS[kindIdx]!;
  const isHan = random.next() < 0.18;
  const name = isHan ? random.pick(HAN) : `${random.pick(FIRST)} ${random.pick(LAST)}`;
  const [city, country] = isHan ? random.pick([PLACES[2], PLACES[7]]) : random.pick(PLACES);
  const nOrders = random.between(...kind.orders);
  const last = NOW - random.between(...kind.daysSince) * DAY - random.between(0, 86_000) * 1000;
  const id = random.id();
  let total = 0;
  let first = last;
  for (let k = 0; k < nOrders; k++) {
    const at = k === 0 ? last : last - k * random.between(9, 34) * DAY;
    first = Math.min(first, at);
    const order = makeOrder(data, random, { id, name }, source, at, random.between(...kind.spend));
    total += order.amount.amount_minor / 100;
    data.orders.push(order);
  }
  data.kindOf.set(id, kindIdx);
  data.contacts.push({
    id,
    name,
    first_name: name.split(" ")[0] ?? null,
    last_name: name.split(" ")[1] ?? null,
    email: random.next() < 0.9 ? `customer${10_000 + i}@mail.example` : null,
    phone: random.next() < 0.6 ? `+4420794${60000 + i}` : null,
    title: random.next() < 0.5 ? random.pick(TITLES) : null,
    company: random.next() < 0.6 ? (({ id, name }) => ({ id, name }))(random.pick(data.companies)) : null,
    owner: random.next() < 0.7 ? owner : null,
    address: { ...NOWHERE, city, country },
    tags: random.next() < 0.2 ? [random.pick(["vip", "wholesale", "newsletter"])] : [],
    language: isHan ? "zh" : "en",
    custom: {},
    n_orders: nOrders,
    total_spent: gbp(total),
    first_order_at: iso(first),
    last_order_at: iso(last),
    last_activity_at: iso(last),
    segment: { id: segmentIds[kindIdx]!, name: kind.name, color: kind.color },
    created_at: iso(first),
    updated_at: iso(last),
    version: 1,
  });
  data.map.ids.push(id);
  data.map.x.push(kind.center[0] + random.normal() * 1.4);
  data.map.y.push(kind.center[1] + random.normal() * 1.2);
  data.map.segment.push(kindIdx);
}

function drawKind(random: Random): number {
  let left = random.next();
  for (const [idx, kind] of KINDS.entries()) {
    left -= kind.weight;
    if (left < 0) return idx;
  }
  return KINDS.length - 1;
}

function makeOrder(
  data: MemoryData,
  random: Random,
  contact: Wire.Reference,
  source: Wire.Reference,
  at: number,
  spend: number,
): Wire.OrderDetail {
  const nLines = random.between(1, 5);
  const lines = Array.from({ length: nLines }, (_, i): Wire.OrderLine => {
    const product = random.pick(data.products);
    const share = spend / nLines;
    const price = (product.price?.amount_minor ?? 100) / 100;
    const quantity = Math.max(1, Math.round(share / price));
    return {
      line_no: i + 1,
      product: { id: product.id, sku: product.sku, name: product.name },
      description: product.name,
      quantity,
      unit_price: gbp(price),
      amount: gbp(price * quantity),
    };
  });
  const amount = {
    amount_minor: lines.reduce((sum, line) => sum + line.amount.amount_minor, 0),
    currency: CURRENCY,
  };
  return {
    id: random.id(),
    external_id: String(536_000 + data.orders.length),
    source,
    contact,
    ordered_at: iso(at),
    status: random.next() < 0.04 ? "returned" : "completed",
    amount,
    n_lines: nLines,
    lines,
  };
}

function describe(data: MemoryData, ids: string[], random: Random): Wire.SegmentationDetail {
  const all = data.contacts.reduce((sum, c) => sum + (c.total_spent?.amount_minor ?? 0), 0);
  const segments = KINDS.map((kind, idx): Wire.Segment => {
    const members = data.contacts.filter((c) => data.kindOf.get(c.id) === idx);
    const value = members.reduce((sum, c) => sum + (c.total_spent?.amount_minor ?? 0), 0);
    return {
      id: ids[idx]!,
      idx,
      name: kind.name,
      description: kind.description,
      color: kind.color,
      size: members.length,
      share: members.length / Math.max(1, data.contacts.length),
      value: { amount_minor: value, currency: CURRENCY },
      value_share: value / Math.max(1, all),
      traits: traitsOf(kind, random),
      typical: members.slice(0, 3).map((c) => ({ contact: { id: c.id, name: c.name } })),
    };
  });
  return {
    id: random.id(),
    method: "kmeans",
    k: KINDS.length,
    as_of: iso(NOW),
    created_at: iso(NOW - 3_600_000),
    n_customers: data.contacts.length,
    silhouette: 0.412,
    stability_ari: 0.93,
    status: "current",
    model_id: random.id(),
    baseline: { method: "rfm", silhouette: 0.238, stability_ari: 0.71, k: 8 },
    segments,
  };
}

function traitsOf(kind: Kind, random: Random): Wire.SegmentTrait[] {
  const mid = ([a, b]: [number, number]) => (a + b) / 2;
  const trait = (
    feature: string,
    en: string,
    zh: string,
    unit: string,
    typical: number,
    overall: number,
    spread: number,
  ): Wire.SegmentTrait => {
    const z = (typical - overall) / spread;
    return { feature, label: text(en, zh), direction: z > 0 ? "high" : "low", z, typical, overall, unit };
  };
  return [
    trait("frequency", "Orders", "订单数", "count", mid(kind.orders), 5.4, 6.2),
    trait("monetary_value", "Basket value", "客单价", "money", mid(kind.spend), 420, 380),
    trait("recency", "Days since last order", "距上次下单天数", "days", mid(kind.daysSince), 105, 88),
    trait("return_rate", "Return rate", "退货率", "share", 0.02 + random.next() * 0.06, 0.04, 0.03),
    trait("weekend_share", "Weekend share", "周末占比", "share", 0.1 + random.next() * 0.3, 0.22, 0.12),
  ].sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
}

/** The last `n` months, oldest first. */
export function months(n: number): Wire.Month[] {
  const now = new Date(NOW);
  return Array.from({ length: n }, (_, i) =>
    iso(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (n - 1 - i), 1)).slice(0, 7),
  );
}
