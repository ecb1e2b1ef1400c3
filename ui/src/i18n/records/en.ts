/** Texts of contacts, companies, products, orders, tickets and tasks, in English. */
export const contact = {
  name: "Name",
  company: "Company",
  attachedBy: {
    domain: "Attached {{ago}}, for {{company}} has the domain {{domain}}.",
    colleagues: "Attached {{ago}}, for most people of {{company}} have addresses at {{domain}}.",
  },
  takeCompanyBack: "Take back",
  suggested: "{{company}} has the domain {{domain}}.",
  attach: "Attach",
  segment: "Segment",
  formerSegment: "a former segment",
  email: "E-mail",
  phone: "Phone",
  title: "Job title",
  city: "City",
  country: "Country",
  tags: "Tags",
  nOrders: "Orders",
  totalSpent: "Spent",
  firstOrder: "First order",
  lastOrder: "Last order",
  owner: "Owner",
  language: "Language",
  updated: "Updated",
  rhythm: "Silence",
  rhythmOf: "Silent for {{silent}}; usually orders every {{usual}}",
  sources: "Made of these sources",
  nRecords_one: "{{count, number}} record",
  nRecords_other: "{{count, number}} records",
  erase: "Erase personal data",
  mergeWith: "Merge with…",
  splitOff: "Split off {{source}}, {{key}}",
  showRecords: "Show source records",
  sourceRecords: "Source records",
  sourceRecordsHint: "What the sources sent, unchanged. This customer is derived from these rows.",
  line: "line {{line}}",
  openImport: "Open import",
  tab: { overview: "Overview", timeline: "Timeline", orders: "Orders" },
  rule: {
    external_id: "Matched by customer number",
    merged_at_source: "Merged at the source before the import",
    email: "Matched by e-mail",
    phone: "Matched by phone",
    created: "Created this contact",
  },
};

export const contacts = {
  search: "Search contacts…",
  new: "New contact",
  create: "Create contact",
  created: "{{name}} was created",
  import: "Import",
  empty: "No contacts yet",
  emptyHint: "Import a file of customers or orders; contacts are made from it.",
  addTag: "Add tag",
  tagName: "Tag",
  merge: "Merge the two",
  copyEmails: "Copy e-mails",
  emailsCopied: "E-mail addresses copied",
  notCopied: "Nothing was copied",
  notCopiedHint: "The browser gives the clipboard to pages over https only, and only when allowed.",
  tagged: "tag “{{tag}}”",
};

export const timeline = {
  title: "Timeline",
  empty: "Nothing happened yet",
  show: "What to show",
  facet: { all: "All", orders: "Orders", messages: "Messages", notes: "Notes" },
  pagesViewed_one: "{{count}} page viewed",
  pagesViewed_other: "{{count}} pages viewed",
  kind: {
    order: "Order",
    product_ordered: "Order",
    product_returned: "Return",
    page_viewed: "Viewed",
    ticket: "Ticket",
    ticket_opened: "Ticket",
    note: "Note",
    task: "Task",
    message_received: "Message from the customer",
    message_sent: "Message to the customer",
    meeting: "Meeting",
    meeting_cancelled: "Meeting cancelled",
    campaign_sent: "Campaign sent",
    campaign_opened: "Campaign opened",
    campaign_clicked: "Campaign clicked",
  },
};

export const note = {
  label: "New note",
  placeholder: "Write a note… (⌘/Ctrl + Enter saves)",
  add: "Add note",
  none: "No note yet.",
  saved: "Note saved",
};

export const profile = {
  segment: "Segment",
  noSegment: "Not in a segment yet.",
  why: "Why in this segment",
  high: "{{feature}}: high",
  low: "{{feature}}: low",
  versus: "{{value}}, usually {{typical}}",
  features: "Key figures",
  notEnough: "Not enough data yet.",
  percentile: "{{feature}}: higher than {{percent}} of customers",
  percentileHint: "Bars show the share of customers with a lower value.",
  monthly: "Spending by month",
  monthlyLabel: "Spending of {{name}} by month",
  consents: "Consent",
  noConsents: "No consent on record.",
};

export const consent = {
  channel: {
    any: "All channels",
    email: "E-mail",
    sms: "SMS",
    phone: "Phone",
    wechat: "WeChat",
    post: "Post",
  },
  purpose: { service: "service", marketing: "marketing", profiling: "profiling" },
  status: { granted: "Granted", withdrawn: "Withdrawn" },
};

export const company = {
  name: "Name",
  domain: "Domain",
  industry: "Industry",
  nEmployees: "Employees",
  people: "People",
  noPeople: "No contacts at this company.",
};

export const companies = {
  search: "Search companies…",
  new: "New company",
  create: "Create company",
  created: "{{name}} was created",
  empty: "No companies yet",
  emptyHint: "They come with contacts that name their company, or from a file of companies.",
};

export const product = {
  name: "Product",
  sku: "Code",
  category: "Category",
  price: "Price",
  unitsSold: "Units sold",
  revenue: "Revenue",
  sales: "Sales by month",
  salesLabel: "Sales of {{name}} by month",
  buyers: "Top buyers",
  units_one: "{{text}} unit",
  units_other: "{{text}} units",
};

export const products = {
  search: "Search products…",
  empty: "No products yet",
  emptyHint: "They are made from order lines, or from a file of products.",
};

export const order = {
  title: "Order {{number}}",
  number: "Order",
  customer: "Customer",
  noCustomer: "No customer",
  orderedAt: "Ordered",
  status: "Status",
  completed: "Completed",
  returned: "Returned",
  source: "Source",
  nLines: "Lines",
  amount: "Amount",
  currency: "Currency",
  lines: "Lines",
  product: "Product",
  quantity: "Quantity",
  unitPrice: "Unit price",
};

export const orders = {
  search: "Search orders…",
  all: "All orders",
  allOf_one: "All {{text}} order",
  allOf_other: "All {{text}} orders",
  none: "No orders yet.",
  empty: "No orders yet",
  emptyHint: "Import a file of order lines to begin.",
};

export const ticket = {
  subject: "Subject",
  status: "Status",
  priority: "Priority",
  channel: "Channel",
  createdAt: "Opened",
  body: "What the customer says",
  is: { open: "Open", pending: "Pending", solved: "Solved", closed: "Closed" },
  by: { email: "E-mail", chat: "Chat", phone: "Phone", web: "Web" },
};

export const tickets = {
  new: "New ticket",
  search: "Search tickets…",
  empty: "No tickets",
  emptyHint: "Tickets that customers open stand here.",
};

export const priority = { low: "Low", normal: "Normal", high: "High", urgent: "Urgent" };

export const tasks = {
  title: "Task",
  dueOn: "Due",
  about: "About",
  new: "New task",
  search: "Search tasks…",
  done: "Done: {{title}}",
  isOpen: "Open",
  isDone: "Done",
  empty: "Nothing to do",
  emptyHint: "Tasks that you or a colleague write down stand here.",
};
