//! Lists of products in one cell, as shops write them: `2× Beanie, 1× Cap`.

/// A product of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Units.
    pub(crate) n_units: u32,
    /// Name.
    pub(crate) name: String,
}

/// The products of a list; one without a count is there once. A comma within a name does not part it:
/// only one with a count behind it does.
pub(crate) fn parse(list: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let parts = list.split(',').filter(|part| !part.trim().is_empty());
    for part in parts {
        match (counted(part.trim()), items.last_mut()) {
            (Some(item), _) => items.push(item),
            (None, Some(before)) => {
                before.name.push(',');
                before.name.push_str(part);
            }
            (None, None) => items.push(Item {
                n_units: 1,
                name: part.trim().to_owned(),
            }),
        }
    }
    items.retain_mut(|item| {
        item.name.truncate(item.name.trim_end().len());
        !item.name.is_empty()
    });
    items
}

/// A product with its count in front.
fn counted(part: &str) -> Option<Item> {
    let (count, name) = part.split_once(['×', 'x', 'X'])?;
    let n_units: u32 = count.trim().parse().ok()?;
    let name = name.trim_start().to_owned();
    (n_units > 0).then_some(Item { n_units, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(list: &str) -> Vec<(u32, String)> {
        let items = parse(list).into_iter();
        items.map(|item| (item.n_units, item.name)).collect()
    }

    #[test]
    fn counts_and_names_are_parted() {
        let expected = [(2, "Beanie".to_owned()), (1, "Cap".to_owned())];
        assert_eq!(found("2× Beanie, 1× Cap"), expected);
        assert_eq!(found("2x Beanie,1 × Cap"), expected);
    }

    #[test]
    fn a_comma_within_a_name_parts_nothing() {
        assert_eq!(
            found("3× Mug, blue, 350 ml, 1× Xylophone"),
            [
                (3, "Mug, blue, 350 ml".to_owned()),
                (1, "Xylophone".to_owned())
            ]
        );
        assert_eq!(found("Gift box"), [(1, "Gift box".to_owned())]);
        assert!(found(" , ").is_empty());
    }
}
