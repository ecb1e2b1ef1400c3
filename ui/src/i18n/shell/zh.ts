import type * as en from "./en";

/** Texts of the frame around every screen: navigation, sign-in, errors, the palette, in Chinese. */
export const common: typeof en.common = {
  add: "添加",
  cancel: "取消",
  close: "关闭",
  loading: "加载中…",
  more: "显示更多",
  notices: "通知",
  retry: "重试",
  save: "保存",
};

export const nav: typeof en.nav = {
  label: "主导航",
  sidebar: "侧边栏",
  menu: "菜单",
  skip: "跳到内容",
  home: "首页",
  tasks: "任务",
  contacts: "联系人",
  companies: "公司",
  deals: "商机",
  orders: "订单",
  products: "商品",
  tickets: "工单",
  pool: "公海",
  segments: "客户分群",
  models: "模型",
  runs: "训练记录",
  imports: "数据导入",
  sources: "数据来源",
  duplicates: "重复记录",
  settings: "设置",
  waiting: {
    tasks_one: "{{text}} 项到期",
    tasks_other: "{{text}} 项到期",
    tickets_one: "{{text}} 个待处理",
    tickets_other: "{{text}} 个待处理",
  },
  group: { work: "工作", records: "记录", insight: "洞察", data: "数据" },
};

export const session: typeof en.session = {
  title: "登录 Rapport",
  hint: "了解每一位客户，把握关键时机。",
  email: "邮箱",
  password: "密码",
  signIn: "登录",
  signingIn: "正在登录…",
  signOut: "退出登录",
  notSignedOut: "尚未退出登录",
  refused: "邮箱或密码不正确。",
  tooMany: "尝试次数过多，请在 {{wait}}后再试。",
};

export const error: typeof en.error = {
  title: "操作未成功",
  unknown: "出现了问题，请重试。",
  offline: "无法连接服务器",
  offlineHint: "请确认服务器正在运行且网络正常，然后重试。",
  partFailed: "这部分未能加载，请刷新页面。",
  reload: "刷新",
  notFound: "这里没有内容",
  notFoundHint: "地址可能有误，或该记录已被删除。",
  gone: "没有可显示的内容",
  goneHint: "该记录已被删除，或你的角色无权查看。",
  refused: "没有权限",
  refusedHint: "你的角色不允许此操作，请联系管理员。",
};

export const theme: typeof en.theme = {
  light: "浅色",
  dark: "深色",
  system: "跟随系统",
  toLight: "切换到浅色",
  toDark: "切换到深色",
};

export const language: typeof en.language = { switch: "Switch to English" };

export const palette: typeof en.palette = {
  open: "搜索或执行命令",
  title: "命令",
  placeholder: "搜索或执行命令…",
  results: "结果",
  notes: "备注",
  recent: "最近打开",
  goTo: "前往",
  actions: "操作",
  nothing: "没有找到结果。",
  newDeal: "新建商机",
  toggleTheme: "切换深色模式",
  switchLanguage: "切换语言",
};

export const shortcuts: typeof en.shortcuts = {
  title: "键盘快捷键",
  hint: "单键快捷键可在设置中关闭。",
  go: "全局",
  lists: "列表中",
  move: "下一行或上一行",
  open: "打开该行",
  select: "选择该行",
  edit: "编辑该行；按 Tab 转到下一个字段",
  search: "搜索",
  undo: "撤销上一次编辑",
  clear: "清除选择",
};

export const jobs: typeof en.jobs = {
  label: "正在进行的工作",
  failed: "{{job}}：失败",
  step: {
    import_file: "正在导入文件",
    importing_rows: "正在导入数据行",
    adding_up_orders: "正在汇总订单",
    arranging_events: "正在整理事件历史",
    dry_run: "导入试运行",
    undo_import: "正在撤销导入",
    taking_back: "正在撤销导入",
    changing_records: "正在批量更改记录",
    restoring_records: "正在撤销批量更改",
    removing_events: "正在移除其事件",
    segment_customers: "正在划分客户群",
    segmentation: "正在划分客户群",
    building_features: "正在计算特征",
    training: "正在训练",
    fitting: "正在训练",
    publishing: "正在发布结果",
    compact_lake: "正在整理事件历史",
    matching: "正在查找重复记录",
    company_attachment: "正在关联联系人与公司",
    attaching_companies: "正在关联联系人与公司",
    reading_contacts: "正在读取联系人",
    matching_contacts: "正在比较联系人",
    match_acceptance: "正在合并重复记录",
    undo_match_acceptance: "正在撤销合并",
    merging_contacts: "正在合并联系人",
    restoring_contacts: "正在恢复联系人",
  },
};

export const role: typeof en.role = { admin: "管理员", member: "成员", viewer: "只读" };
