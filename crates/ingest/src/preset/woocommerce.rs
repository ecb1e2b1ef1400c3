//! WooCommerce: customers and orders, as its analytics exports them.
//!
//! Headers are in the language of the shop. An order is one row; its products are a list such as
//! `2× Beanie, 1× Cap`, with one amount for all of them.

use rapport_domain::EntityKind;

use super::{Column, KeyStyle, Preset, column};
use crate::Field as F;

const NAME: &[&str] = &["Name", "Nom", "Nombre", "姓名", "名称"];
const USERNAME: &[&str] = &[
    "Username",
    "Benutzername",
    "Identifiant",
    "Nombre de usuario",
    "用户名",
];
const EMAIL: &[&str] = &[
    "Email",
    "E-Mail",
    "Correo electrónico",
    "电子邮件",
    "电子邮箱",
    "邮箱",
];
const SIGN_UP: &[&str] = &[
    "Sign Up",
    "Registrierung",
    "Registrieren",
    "Inscription",
    "S’inscrire",
    "Registro",
    "注册",
];
const LAST_ACTIVE: &[&str] = &[
    "Last Active",
    "Zuletzt aktiv",
    "Dernière activité",
    "Última actividad",
    "Última vez activo",
    "上次活跃",
    "最近活跃",
];
const DATE: &[&str] = &["Date", "Datum", "Fecha", "日期"];
const ORDER: &[&str] = &[
    "Order #",
    "Bestellung #",
    "Bestellnr.",
    "Commande #",
    "Commande n°",
    "Nº de pedido",
    "Pedido #",
    "订单号",
    "订单 #",
];
const PRODUCTS: &[&str] = &[
    "Product(s)",
    "Produkt(e)",
    "Produit(s)",
    "Producto(s)",
    "产品",
    "商品",
];
const CUSTOMER: &[&str] = &["Customer", "Kunde", "Client", "Cliente", "客户"];
const ITEMS_SOLD: &[&str] = &[
    "Items sold",
    "Verkaufte Artikel",
    "Articles vendus",
    "Artículos vendidos",
    "售出商品",
    "已售商品",
];
const NET_SALES: &[&str] = &[
    "Net Sales",
    "Nettoumsatz",
    "Ventes nettes",
    "Ventas netas",
    "净销售额",
];

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        key: "woocommerce_customers",
        system: "WooCommerce",
        entity: EntityKind::Contacts,
        label: ("WooCommerce customers", "WooCommerce 客户"),
        notice: None,
        signature: &[NAME, USERNAME, EMAIL, LAST_ACTIVE],
        columns: CUSTOMERS,
        keys: KeyStyle::AsWritten,
    },
    Preset {
        key: "woocommerce_orders",
        system: "WooCommerce",
        entity: EntityKind::OrderLines,
        label: ("WooCommerce orders", "WooCommerce 订单"),
        notice: Some((
            "This export names the customer of an order by name alone. Two people may share a name, so \
             the orders are imported without their customers. An order of several products has one \
             amount for all of them and becomes one line.",
            "此导出中的订单只有客户姓名。姓名可能重复，因此导入的订单不会关联到客户。含多个商品的订单只有\
             一个总金额，会成为一行。",
        )),
        signature: &[DATE, ORDER, PRODUCTS, CUSTOMER],
        columns: ORDERS,
        keys: KeyStyle::AsWritten,
    },
];

const CUSTOMERS: &[Column] = &[
    column(F::Name, NAME),
    column(F::CreatedAt, SIGN_UP),
    column(F::Email, EMAIL),
    column(
        F::Country,
        &[
            "Country / Region",
            "Land / Region",
            "Pays / Région",
            "País / Región",
            "国家 / 地区",
            "国家/地区",
        ],
    ),
    column(
        F::City,
        &["City", "Stadt", "Ort", "Ville", "Ciudad", "城市"],
    ),
    column(F::Region, &["Region", "Région", "Región", "地区"]),
    column(
        F::PostalCode,
        &[
            "Postal Code",
            "Postleitzahl",
            "Code postal",
            "Código postal",
            "邮政编码",
        ],
    ),
    column(
        F::Phone,
        &[
            "Billing Phone",
            "Telefon (Rechnung)",
            "Téléphone de facturation",
            "Teléfono de facturación",
            "账单电话",
        ],
    ),
    column(
        F::Phone,
        &[
            "Shipping Phone",
            "Telefon (Versand)",
            "Téléphone de livraison",
            "Teléfono de envío",
            "收货电话",
        ],
    ),
];

const ORDERS: &[Column] = &[
    column(F::OrderedAt, DATE),
    column(F::OrderId, ORDER),
    column(F::CustomerName, CUSTOMER),
    column(F::Items, PRODUCTS),
    column(F::Quantity, ITEMS_SOLD),
    column(F::LineAmount, NET_SALES),
    column(F::LineAmount, &["N. Revenue (formatted)"]),
];
