//! The people as two systems know them: the shop's accounts and the sales team's book.

use super::table::Table;
use super::{FileCount, Sink};
use crate::calendar::{Style, instant};
use crate::error::TwinError;
use crate::people::Person;
use crate::records::{Account, SalesContact};
use crate::twin::Customer;

const SHOP_HEADER: [&str; 13] = [
    "Customer ID",
    "First Name",
    "Last Name",
    "Email",
    "Phone",
    "Company",
    "Address",
    "City",
    "Region",
    "Postal Code",
    "Country",
    "Accepts Email Marketing",
    "Created at",
];

const SALES_HEADER: [&str; 10] = [
    "客户编号",
    "姓名",
    "手机",
    "邮箱",
    "公司名称",
    "职位",
    "城市",
    "国家",
    "标签",
    "创建时间",
];

/// Both files of people.
pub(super) struct ContactFiles {
    shop: Table,
    sales: Table,
}

impl ContactFiles {
    pub(super) fn create(sink: &mut dyn Sink) -> Result<Self, TwinError> {
        Ok(Self {
            shop: Table::create(sink, "shop_customers.csv", &SHOP_HEADER)?,
            sales: Table::create(sink, "crm_contacts.csv", &SALES_HEADER)?,
        })
    }

    pub(super) fn write(&mut self, customer: &Customer) -> Result<(), TwinError> {
        for account in &customer.accounts {
            self.write_account(&customer.person, account)?;
        }
        for contact in &customer.sales {
            self.write_contact(&customer.person, contact)?;
        }
        Ok(())
    }

    fn write_account(&mut self, person: &Person, account: &Account) -> Result<(), TwinError> {
        self.shop.row(&[
            &account.id,
            &account.first_name,
            &account.last_name,
            &account.email,
            &account.phone,
            &account.company,
            &account.street,
            &account.city,
            person.address.place.region,
            &person.address.postal_code,
            person.culture.country(),
            if account.accepts_marketing {
                "yes"
            } else {
                "no"
            },
            &instant(account.created_at, Style::Plain),
        ])
    }

    fn write_contact(&mut self, person: &Person, contact: &SalesContact) -> Result<(), TwinError> {
        self.sales.row(&[
            &contact.id,
            &contact.name,
            &contact.phone,
            &contact.email,
            &contact.company,
            contact.title,
            contact.city,
            person.culture.country_zh(),
            &contact.tags,
            &instant(contact.created_at, Style::Slashed),
        ])
    }

    pub(super) fn finish(self) -> Result<Vec<FileCount>, TwinError> {
        Ok(vec![self.shop.finish()?, self.sales.finish()?])
    }
}
