import type * as en from "./en";

/** Texts of contacts, companies, products, orders, tickets and tasks, in Chinese. */
export const contact: typeof en.contact = {
  name: "姓名",
  company: "公司",
  attachedBy: {
    domain: "{{ago}}自动关联：{{company}}的域名是 {{domain}}。",
    colleagues: "{{ago}}自动关联：{{company}}的多数人使用 {{domain}} 的邮箱。",
  },
  takeCompanyBack: "撤回",
  suggested: "{{company}}的域名是 {{domain}}。",
  attach: "关联",
  segment: "分群",
  formerSegment: "以前的分群",
  email: "邮箱",
  phone: "电话",
  title: "职位",
  city: "城市",
  country: "国家/地区",
  tags: "标签",
  nOrders: "订单数",
  totalSpent: "累计消费",
  firstOrder: "首次下单",
  lastOrder: "最近下单",
  owner: "负责人",
  language: "语言",
  updated: "更新时间",
  rhythm: "沉默程度",
  rhythmOf: "已沉默{{silent}}，通常每{{usual}}下单一次",
  sources: "由这些来源组成",
  nRecords_one: "{{count, number}} 条记录",
  nRecords_other: "{{count, number}} 条记录",
  erase: "清除个人数据",
  mergeWith: "与…合并",
  splitOff: "拆分{{source}}，{{key}}",
  showRecords: "查看来源记录",
  sourceRecords: "来源记录",
  sourceRecordsHint: "来源系统提供的原始数据，未经改动。该客户由这些行推导而来。",
  line: "第 {{line}} 行",
  openImport: "打开导入",
  tab: { overview: "概览", timeline: "时间线", orders: "订单" },
  rule: {
    external_id: "按客户编号匹配",
    merged_at_source: "导入前已在来源系统合并",
    email: "按邮箱匹配",
    phone: "按电话匹配",
    created: "由此创建联系人",
  },
};

export const contacts: typeof en.contacts = {
  search: "搜索联系人…",
  new: "新建联系人",
  create: "创建联系人",
  created: "已创建{{name}}",
  import: "导入",
  empty: "还没有联系人",
  emptyHint: "导入客户或订单文件，系统会据此生成联系人。",
  addTag: "添加标签",
  tagName: "标签",
  merge: "合并这两位",
  copyEmails: "复制邮箱",
  emailsCopied: "邮箱地址已复制",
  notCopied: "未能复制",
  notCopiedHint: "浏览器仅允许 https 页面在获得许可后使用剪贴板。",
  tagged: "标签“{{tag}}”",
};

export const timeline: typeof en.timeline = {
  title: "时间线",
  empty: "还没有任何动态",
  show: "显示内容",
  facet: { all: "全部", orders: "订单", messages: "消息", notes: "备注" },
  pagesViewed_one: "浏览了 {{count}} 个页面",
  pagesViewed_other: "浏览了 {{count}} 个页面",
  kind: {
    order: "订单",
    product_ordered: "订单",
    product_returned: "退货",
    page_viewed: "浏览",
    ticket: "工单",
    ticket_opened: "工单",
    note: "备注",
    task: "任务",
    message_received: "客户来信",
    message_sent: "发给客户",
    meeting: "会议",
    meeting_cancelled: "会议已取消",
    campaign_sent: "营销活动已发送",
    campaign_opened: "打开了营销活动",
    campaign_clicked: "点击了营销活动",
  },
};

export const note: typeof en.note = {
  label: "新备注",
  placeholder: "写备注…（⌘/Ctrl + Enter 保存）",
  add: "添加备注",
  none: "还没有备注。",
  saved: "备注已保存",
};

export const profile: typeof en.profile = {
  segment: "分群",
  noSegment: "尚未归入任何分群。",
  why: "归入此分群的原因",
  high: "{{feature}}：偏高",
  low: "{{feature}}：偏低",
  versus: "{{value}}，通常为 {{typical}}",
  features: "关键指标",
  notEnough: "数据还不够。",
  percentile: "{{feature}}：高于 {{percent}} 的客户",
  percentileHint: "条形表示数值更低的客户占比。",
  monthly: "每月消费",
  monthlyLabel: "{{name}}的每月消费",
  consents: "授权",
  noConsents: "没有授权记录。",
};

export const consent: typeof en.consent = {
  channel: { any: "所有渠道", email: "邮件", sms: "短信", phone: "电话", wechat: "微信", post: "邮寄" },
  purpose: { service: "服务", marketing: "营销", profiling: "画像" },
  status: { granted: "已同意", withdrawn: "已撤回" },
};

export const company: typeof en.company = {
  name: "名称",
  domain: "域名",
  industry: "行业",
  nEmployees: "员工数",
  people: "联系人",
  noPeople: "该公司还没有联系人。",
};

export const companies: typeof en.companies = {
  search: "搜索公司…",
  new: "新建公司",
  create: "创建公司",
  created: "已创建{{name}}",
  empty: "还没有公司",
  emptyHint: "带有公司名称的联系人或公司文件导入后会出现在这里。",
};

export const product: typeof en.product = {
  name: "商品",
  sku: "编码",
  category: "类别",
  price: "价格",
  unitsSold: "销量",
  revenue: "销售额",
  sales: "每月销售",
  salesLabel: "{{name}}的每月销售",
  buyers: "主要买家",
  units_one: "{{text}} 件",
  units_other: "{{text}} 件",
};

export const products: typeof en.products = {
  search: "搜索商品…",
  empty: "还没有商品",
  emptyHint: "商品由订单明细或商品文件生成。",
};

export const order: typeof en.order = {
  title: "订单 {{number}}",
  number: "订单号",
  customer: "客户",
  noCustomer: "无客户",
  orderedAt: "下单时间",
  status: "状态",
  completed: "已完成",
  returned: "已退货",
  source: "来源",
  nLines: "明细数",
  amount: "金额",
  currency: "币种",
  lines: "订单明细",
  product: "商品",
  quantity: "数量",
  unitPrice: "单价",
};

export const orders: typeof en.orders = {
  search: "搜索订单…",
  all: "全部订单",
  allOf_one: "全部 {{text}} 笔订单",
  allOf_other: "全部 {{text}} 笔订单",
  none: "还没有订单。",
  empty: "还没有订单",
  emptyHint: "请先导入订单明细文件。",
};

export const ticket: typeof en.ticket = {
  subject: "主题",
  status: "状态",
  priority: "优先级",
  channel: "渠道",
  createdAt: "创建时间",
  body: "客户的话",
  is: { open: "待处理", pending: "等待中", solved: "已解决", closed: "已关闭" },
  by: { email: "邮件", chat: "聊天", phone: "电话", web: "网页" },
};

export const tickets: typeof en.tickets = {
  new: "新建工单",
  search: "搜索工单…",
  empty: "没有工单",
  emptyHint: "客户提交的工单会显示在这里。",
};

export const priority: typeof en.priority = { low: "低", normal: "普通", high: "高", urgent: "紧急" };

export const tasks: typeof en.tasks = {
  title: "任务",
  dueOn: "截止日期",
  about: "关于",
  new: "新建任务",
  search: "搜索任务…",
  done: "完成：{{title}}",
  isOpen: "未完成",
  isDone: "已完成",
  empty: "没有待办",
  emptyHint: "你或同事写下的任务会显示在这里。",
};
