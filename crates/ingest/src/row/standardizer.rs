//! Reads the values of a row, field by field, each by its kind.

use rapport_domain::{Currency, EmailAddress, EntityKind, PhoneNumber, RejectReason, Timestamp};

use super::fault::{Fault, quoted};
use super::plan::{Cell, Plan};
use super::standardize::{self, OrderHead};
use super::{ParsedRow, ReadOptions};
use crate::preset::KeyStyle;
use crate::value::choice::{self, Words};
use crate::value::date::{self, DateOrder, DateStyle};
use crate::value::decimal::{self, Amount, Decimal, DecimalStyle};
use crate::value::phone::{self, PhoneReader};
use crate::value::{boolean, country, currency, record_key, tags, text};
use crate::{Field, Mapping};

/// Makes rows of cells. Remembers what it saw only to be faster and, for orders, to complete lines
/// that leave out what the order's first line says.
#[derive(Debug)]
pub(crate) struct Standardizer {
    entity: EntityKind,
    plan: Plan,
    dates: DateStyle,
    decimal: DecimalStyle,
    default_currency: Currency,
    default_region: Option<String>,
    pub(super) cancelled_order_prefix: Option<String>,
    keys: KeyStyle,
    phones: PhoneReader,
    /// The latest instant read, because rows of one order share it.
    latest_instant: Option<(String, Timestamp)>,
    pub(super) order_head: Option<OrderHead>,
}

impl Standardizer {
    /// Makes a mapping that was [checked](Mapping::check) ready for rows.
    pub(crate) fn new(mapping: &Mapping, options: &ReadOptions) -> Self {
        let plan = Plan::new(mapping);
        let constant = plan.constant(Field::Currency).and_then(currency::parse);
        Self {
            entity: mapping.entity,
            dates: DateStyle {
                order: mapping.dates,
                zone: mapping.zone(),
            },
            decimal: mapping.decimal,
            default_currency: constant.unwrap_or(options.default_currency),
            default_region: options.default_region.clone(),
            cancelled_order_prefix: mapping.cancelled_order_prefix.clone(),
            keys: mapping.known_preset().map(|it| it.keys).unwrap_or_default(),
            phones: PhoneReader::default(),
            latest_instant: None,
            order_head: None,
            plan,
        }
    }

    /// The row that the cells make, its own cells still empty.
    pub(crate) fn row(&mut self, line: u64, cells: &[String]) -> Result<ParsedRow, Fault> {
        Ok(match self.entity {
            EntityKind::Contacts => ParsedRow::Contact(standardize::contact(self, line, cells)?),
            EntityKind::OrderLines => {
                ParsedRow::OrderLine(standardize::order_line(self, line, cells)?)
            }
            EntityKind::Events => ParsedRow::Event(standardize::event(self, line, cells)?),
            EntityKind::Tickets => ParsedRow::Ticket(standardize::ticket(self, line, cells)?),
            EntityKind::Products => ParsedRow::Product(standardize::product(self, line, cells)?),
            EntityKind::Companies => ParsedRow::Company(standardize::company(self, line, cells)?),
            EntityKind::Campaigns => ParsedRow::Campaign(standardize::campaign(self, line, cells)?),
            EntityKind::Deals => ParsedRow::Deal(standardize::deal(self, line, cells)?),
            EntityKind::Tasks => ParsedRow::Task(standardize::task(self, line, cells)?),
            EntityKind::Notes => ParsedRow::Note(standardize::note(self, line, cells)?),
        })
    }

    /// Currency of amounts that have none.
    pub(super) fn default_currency(&self) -> Currency {
        self.default_currency
    }

    /// What to say where a value that a row cannot do without is not there.
    pub(super) fn missing(&self, field: Field) -> Fault {
        Fault {
            reason: RejectReason::MissingValue,
            column: self.plan.column(field),
            value: None,
            message: format!("{} is empty; fill it in", field.name()),
        }
    }

    fn fault(field: Field, cell: Cell<'_>, reason: RejectReason, expected: &str) -> Fault {
        Fault {
            reason,
            column: cell.column,
            value: Some(cell.text.to_owned()),
            message: format!("{} {} {expected}", field.name(), quoted(cell.text)),
        }
    }

    /// A value that breaks a rule of the record.
    pub(super) fn invalid(&self, cells: &[String], field: Field, expected: &str) -> Fault {
        Self::fault(
            field,
            self.plan.cell(cells, field),
            RejectReason::Invalid,
            expected,
        )
    }

    /// An amount that is beyond all measure.
    pub(super) fn too_large(&self, cells: &[String], field: Field) -> Fault {
        let cell = self.plan.cell(cells, field);
        Self::fault(
            field,
            cell,
            RejectReason::BadNumber,
            "is too large an amount; correct it",
        )
    }

    /// A text as it stands, trimmed.
    pub(super) fn text(&self, cells: &[String], field: Field) -> Result<Option<String>, Fault> {
        let cell = self.plan.cell(cells, field);
        if cell.text.is_empty() {
            return Ok(None);
        }
        check_length(field, cell)?;
        Ok(Some(cell.text.to_owned()))
    }

    /// A text of any length, to be taken apart further.
    pub(super) fn unchecked(&self, cells: &[String], field: Field) -> Option<String> {
        let cell = self.plan.cell(cells, field);
        (!text::is_nothing(cell.text)).then(|| cell.text.to_owned())
    }

    /// What stands in the columns that feed no field: their names and texts, blank ones left out.
    pub(super) fn unmapped<'a>(
        &'a self,
        cells: &'a [String],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.plan.unmapped(cells)
    }

    /// A key: half-width, without a spreadsheet's decimals (`17850.0`).
    pub(super) fn id(&self, cells: &[String], field: Field) -> Result<Option<String>, Fault> {
        let cell = self.plan.cell(cells, field);
        check_length(field, cell)?;
        let id = text::clean(cell.text);
        if text::is_nothing(&id) {
            return Ok(None);
        }
        let id = match id.strip_suffix(".0") {
            Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
            _ => &id,
        };
        Ok(Some(id.to_owned()))
    }

    /// The key of a record at its source, in the one form that the source's system has for it.
    pub(super) fn record_key(
        &self,
        cells: &[String],
        field: Field,
    ) -> Result<Option<String>, Fault> {
        let Some(key) = self.id(cells, field)? else {
            return Ok(None);
        };
        match self.keys {
            KeyStyle::AsWritten => Ok(Some(key)),
            KeyStyle::List => Ok(record_key::list(&key).next().map(str::to_owned)),
            KeyStyle::Salesforce => match record_key::salesforce(&key) {
                Some(key) => Ok(Some(key)),
                None => Err(self.invalid(
                    cells,
                    field,
                    "has lost the case of its letters; export it anew, a spreadsheet may have changed it",
                )),
            },
        }
    }

    /// The keys of a list.
    pub(super) fn record_keys(&self, cells: &[String], field: Field) -> Result<Vec<String>, Fault> {
        let Some(list) = self.unchecked(cells, field) else {
            return Ok(Vec::new());
        };
        check_length(field, self.plan.cell(cells, field))?;
        Ok(record_key::list(&list).map(str::to_owned).collect())
    }

    /// A number with the currency beside it.
    pub(super) fn number(&self, cells: &[String], field: Field) -> Result<Option<Amount>, Fault> {
        let cell = self.plan.cell(cells, field);
        if text::is_nothing(cell.text) {
            return Ok(None);
        }
        let number = decimal::parse(cell.text, self.decimal).ok_or_else(|| {
            let expected = match self.decimal {
                DecimalStyle::Point => "is not a number; write it as 1234.50",
                DecimalStyle::Comma => "is not a number; write it as 1234,50",
            };
            Self::fault(field, cell, RejectReason::BadNumber, expected)
        })?;
        Ok(Some(number))
    }

    /// How many: no more than a thousand million, or sums over many rows lose their last digits.
    pub(super) fn quantity(&self, cells: &[String]) -> Result<Option<Decimal>, Fault> {
        const MAX: f64 = 1e9;
        let quantity = self.number(cells, Field::Quantity)?;
        let quantity = quantity.map(|quantity| quantity.decimal);
        if quantity.is_some_and(|quantity| quantity.to_f64().abs() > MAX) {
            return Err(self.too_large(cells, Field::Quantity));
        }
        Ok(quantity)
    }

    /// An instant.
    pub(super) fn instant(
        &mut self,
        cells: &[String],
        field: Field,
    ) -> Result<Option<Timestamp>, Fault> {
        let cell = self.plan.cell(cells, field);
        if let Some((latest, at)) = &self.latest_instant
            && latest == cell.text
        {
            return Ok(Some(*at));
        }
        if text::is_nothing(cell.text) {
            return Ok(None);
        }
        match date::parse(cell.text, self.dates) {
            Some(at) => {
                let latest = self.latest_instant.get_or_insert((String::new(), at));
                latest.0.clear();
                latest.0.push_str(cell.text);
                latest.1 = at;
                Ok(Some(at))
            }
            None => {
                let expected = self.bad_date(cell.text);
                Err(Self::fault(field, cell, RejectReason::BadDate, expected))
            }
        }
    }

    fn bad_date(&self, value: &str) -> &'static str {
        let other = match self.dates.order {
            DateOrder::DayFirst => DateOrder::MonthFirst,
            DateOrder::MonthFirst => DateOrder::DayFirst,
        };
        let style = DateStyle {
            order: other,
            ..self.dates
        };
        match (date::parse(value, style), other) {
            (None, _) => {
                "is no date in a known form; write it as 2026-11-24 or 2026-11-24 09:30:00"
            }
            (_, DateOrder::DayFirst) => {
                "has its day first, the mapping reads the month first; mend either"
            }
            (_, DateOrder::MonthFirst) => {
                "has its month first, the mapping reads the day first; mend either"
            }
        }
    }

    /// An e-mail address.
    pub(super) fn email(
        &self,
        cells: &[String],
        field: Field,
    ) -> Result<Option<EmailAddress>, Fault> {
        let cell = self.plan.cell(cells, field);
        let address = text::clean(cell.text);
        if text::is_nothing(&address) {
            return Ok(None);
        }
        let address = address.strip_prefix("mailto:").unwrap_or(&address);
        address.parse().map(Some).map_err(|_| {
            let expected = "is no e-mail address; write one address as name@example.com";
            Self::fault(field, cell, RejectReason::BadEmail, expected)
        })
    }

    /// A phone number. The row's country tells the region of a number without country code.
    pub(super) fn phone(
        &mut self,
        cells: &[String],
        field: Field,
    ) -> Result<Option<PhoneNumber>, Fault> {
        let cell = self.plan.cell(cells, field);
        if text::is_nothing(cell.text) {
            return Ok(None);
        }
        let country = country::code(self.plan.cell(cells, Field::Country).text);
        let region = country
            .filter(|code| phone::is_region(code))
            .or(self.default_region.as_deref());
        let number = match self.prefixed(cells, field, cell.text) {
            Some(number) => self.phones.read(&number, region),
            None => self.phones.read(cell.text, region),
        };
        if number.is_some() {
            return Ok(number);
        }
        let expected = match region {
            Some(region) => format!(
                "is no phone number of {region}; write it with its country code as +442079460958"
            ),
            None => "is no phone number that can be dialed from everywhere; write it with its \
                     country code as +442079460958"
                .to_owned(),
        };
        Err(Self::fault(field, cell, RejectReason::BadPhone, &expected))
    }

    /// A number that stands within another value, where it is one.
    pub(super) fn phone_of(&mut self, number: &str) -> Option<PhoneNumber> {
        self.phones.read(number, self.default_region.as_deref())
    }

    /// A number without its calling code, which stands in a column of its own, with it in front.
    fn prefixed(&self, cells: &[String], field: Field, number: &str) -> Option<String> {
        let prefix = self.plan.cell(cells, Field::PhonePrefix).text;
        let digits = prefix.trim_start_matches('+');
        let is_code = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_open =
            field == Field::Phone && !number.starts_with('+') && !number.starts_with("00");
        (is_code && is_open).then(|| format!("+{digits}{number}"))
    }

    /// A yes or a no.
    pub(super) fn boolean(&self, cells: &[String], field: Field) -> Result<Option<bool>, Fault> {
        let cell = self.plan.cell(cells, field);
        if text::is_nothing(cell.text) {
            return Ok(None);
        }
        boolean::parse(cell.text).map(Some).ok_or_else(|| {
            Self::fault(
                field,
                cell,
                RejectReason::Invalid,
                "is neither yes nor no; write yes or no",
            )
        })
    }

    /// One of a closed set.
    pub(super) fn choice<T: Copy>(
        &self,
        cells: &[String],
        field: Field,
        words: Words<T>,
    ) -> Result<Option<T>, Fault> {
        let cell = self.plan.cell(cells, field);
        if text::is_nothing(cell.text) {
            return Ok(None);
        }
        choice::parse(cell.text, words).map(Some).ok_or_else(|| {
            let expected = format!("is unknown; write one of {}", choice::list(words));
            Self::fault(field, cell, RejectReason::Invalid, &expected)
        })
    }

    /// The currency that the row names in a column of its own.
    pub(super) fn currency(&self, cells: &[String]) -> Result<Option<Currency>, Fault> {
        let field = Field::Currency;
        let cell = self.plan.cell(cells, field);
        if cell.column.is_none() || text::is_nothing(cell.text) {
            return Ok(None);
        }
        currency::parse(cell.text).map(Some).ok_or_else(|| {
            Self::fault(
                field,
                cell,
                RejectReason::Invalid,
                "is no currency; use a code such as EUR",
            )
        })
    }

    /// Labels.
    pub(super) fn tags(&self, cells: &[String]) -> Result<Vec<String>, Fault> {
        let tags = tags::parse(self.plan.cell(cells, Field::Tags).text);
        if tags.len() > 100 {
            return Err(self.invalid(cells, Field::Tags, "are more than 100 tags; remove some"));
        }
        Ok(tags)
    }
}

fn check_length(field: Field, cell: Cell<'_>) -> Result<(), Fault> {
    let max = field.max_chars();
    if cell.text.len() <= max || cell.text.chars().count() <= max {
        return Ok(());
    }
    let expected = format!("is longer than {max} characters; shorten it");
    Err(Standardizer::fault(
        field,
        cell,
        RejectReason::Invalid,
        &expected,
    ))
}
