/** Texts of the home screen and of charts, in English. */
export const home = {
  doNow: "Do these now",
  nothingToDo: "All done. Nothing waits for you.",
  deed: {
    done: "Done (D): {{title}}",
    snooze: "Put off until tomorrow (S): {{title}}",
    task: "Write down as a task (T): {{title}}",
  },
  noted: "Written down for tomorrow: {{title}}",
  otherCurrencies_one: "without {{text}} order in another currency",
  otherCurrencies_other: "without {{text}} orders in other currencies",
  empty: "Welcome to Rapport",
  emptyHint: "Import a file of customers or orders. Mapping is guessed and shown before anything runs.",
  revenue: "Revenue",
  contacts: "Contacts",
  orders: "Orders",
  products: "Products",
  events: "Events",
  revenueByMonth: "Revenue by month",
  recentImports: "Recent imports",
};

export const chart = {
  asTable: "Show as table",
  asChart: "Show as chart",
  month: "Month",
  spent: "Spent",
  orders: "Orders",
  nOrders_one: "{{text}} order",
  nOrders_other: "{{text}} orders",
};
