//! Companies.

use rapport_domain::Address;

use super::super::CompanyRow;
use super::{Fault, Standardizer, address, tidy};
use crate::Field;

/// Reads an organization.
pub(in crate::row) fn company(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<CompanyRow, Fault> {
    let external_id = values.record_key(cells, Field::ExternalId)?;
    let mut merged_ids = values.record_keys(cells, Field::MergedIds)?;
    if let Some(master) = values.record_key(cells, Field::MasterId)?
        && external_id.as_ref() != Some(&master)
    {
        merged_ids.extend(external_id);
        return Ok(loser(line, master, merged_ids));
    }
    let name = values.text(cells, Field::Name)?;
    let name = name.and_then(|name| tidy(&name));
    Ok(CompanyRow {
        line,
        cells: Vec::new(),
        external_id,
        merged_ids,
        name: Some(name.ok_or_else(|| values.missing(Field::Name))?),
        domain: values
            .text(cells, Field::Domain)?
            .and_then(|url| domain(&url)),
        industry: values.text(cells, Field::Industry)?,
        n_employees: n_employees(values, cells)?,
        owner: values.text(cells, Field::Owner)?,
        address: address(values, cells)?,
        tags: values.tags(cells)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
    })
}

/// A company that was merged into another one at its source: nothing but its key counts.
fn loser(line: u64, master: String, merged_ids: Vec<String>) -> CompanyRow {
    CompanyRow {
        line,
        cells: Vec::new(),
        external_id: Some(master),
        merged_ids,
        name: None,
        domain: None,
        industry: None,
        n_employees: None,
        owner: None,
        address: Address::default(),
        tags: Vec::new(),
        created_at: None,
    }
}

/// A count; of a range such as `11-50` the lower end.
fn n_employees(values: &Standardizer, cells: &[String]) -> Result<Option<i64>, Fault> {
    let field = Field::NEmployees;
    let Some(text) = values.text(cells, field)? else {
        return Ok(None);
    };
    let lower = text.split(['-', '–', '~']).next().unwrap_or_default();
    let lower = lower.trim().trim_end_matches(['+', '人']);
    if let Ok(n) = lower.parse::<i64>() {
        return Ok(Some(n));
    }
    let number = values.number(cells, field)?;
    Ok(number.map(|number| number.decimal.to_f64().round() as i64))
}

/// `example.com` of `https://www.Example.com/about`; none where there is no dot.
pub(crate) fn domain(url: &str) -> Option<String> {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = url.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_taken_out_of_an_address() {
        assert_eq!(
            domain("https://www.Example.com/about?x=1").as_deref(),
            Some("example.com")
        );
        assert_eq!(domain("example.com:8080").as_deref(), Some("example.com"));
        assert_eq!(domain("none"), None);
    }
}
