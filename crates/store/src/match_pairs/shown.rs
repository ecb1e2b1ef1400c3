//! Pairs as their reader sees them: values are those of the contacts now, without what the reader's role hides.

use std::collections::{BTreeSet, HashMap};

use rapport_domain::{
    CUSTOM_PREFIX, CompanyId, Contact, ContactId, CustomValue, ObjectKind, Timestamp,
};
use uuid::Uuid;

use super::addresses::{self, Reach};
use super::standing::{self, Standing};
use super::{Evidence, MatchField, MatchPair, MatchSide, bands};
use crate::entities::match_pair;
use crate::{Store, StoreError, codec, companies, contacts};

/// What is known of the contacts of some pairs.
struct People {
    contacts: HashMap<ContactId, Contact>,
    companies: HashMap<CompanyId, String>,
    reached: HashMap<Uuid, Reach>,
}

/// Pairs with all that is shown of them, in their order. Contacts that are not there or not seen have no
/// values.
pub(super) async fn of(
    store: &Store,
    rows: Vec<match_pair::Model>,
) -> Result<Vec<MatchPair>, StoreError> {
    let pairs: Vec<(Uuid, Uuid)> = rows.iter().map(|row| (row.low_id, row.high_id)).collect();
    let standings = standing::of(store.reader(), &pairs).await?;
    let operations: Vec<i64> = standings.iter().filter_map(|it| it.1).collect();
    let decided = standing::decided(store.reader(), &operations).await?;
    let people = People::read(store, &pairs).await?;
    let is_partial = bands::is_partial(store.lens());
    let shown = rows.into_iter().zip(standings);
    let shown = shown.map(|(row, (status, operation)): (_, Standing)| {
        let fields: Vec<Evidence> = codec::from_json("match_pairs.fields", &row.fields)?;
        Ok(MatchPair {
            id: row.id.into(),
            probability: match is_partial {
                true => bands::band(row.probability),
                false => row.probability,
            },
            value: match is_partial {
                true => bands::value(row.probability),
                false => row.value,
            },
            prior_weight: (!is_partial).then_some(row.prior_weight),
            is_partial,
            is_grouped: row.is_grouped && !is_partial,
            left: people.side(row.low_id),
            right: people.side(row.high_id),
            fields: people.fields(store, (row.low_id, row.high_id), fields),
            model_version: row.model_version,
            found_at: Timestamp::from_micros(row.found_at),
            status,
            decided: operation.and_then(|operation| decided.get(&operation).cloned()),
        })
    });
    shown.collect()
}

impl People {
    async fn read(store: &Store, pairs: &[(Uuid, Uuid)]) -> Result<Self, StoreError> {
        let ids: BTreeSet<Uuid> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
        let ids: Vec<ContactId> = ids.into_iter().map(ContactId).collect();
        let seen = contacts::find_many(store, &ids).await?;
        let employers: BTreeSet<CompanyId> = seen.iter().filter_map(|it| it.company_id).collect();
        let employers: Vec<CompanyId> = employers.into_iter().collect();
        let companies = companies::find_many(store, &employers).await?;
        let there: Vec<Uuid> = seen.iter().map(|contact| contact.id.into()).collect();
        Ok(Self {
            reached: addresses::of(store.reader(), &there).await?,
            contacts: seen.into_iter().map(|it| (it.id, it)).collect(),
            companies: companies.into_iter().map(|it| (it.id, it.name)).collect(),
        })
    }

    fn side(&self, id: Uuid) -> MatchSide {
        let contact = self.contacts.get(&ContactId(id));
        let reach = self.reached.get(&id);
        MatchSide {
            contact: ContactId(id),
            name: contact.map(|it| it.name.clone()).unwrap_or_default(),
            n_identities: reach.map_or(0, |reach| reach.n_identities),
            n_orders: contact.map_or(0, |contact| contact.n_orders),
            created_at: contact.map(|contact| contact.created_at),
            sources: reach.map(|it| it.sources.clone()).unwrap_or_default(),
        }
    }

    fn fields(
        &self,
        store: &Store,
        (low, high): (Uuid, Uuid),
        fields: Vec<Evidence>,
    ) -> Vec<MatchField> {
        let hides = |field: &str| store.lens().hides(ObjectKind::Contact, rule_of(field));
        let is_partial = bands::is_partial(store.lens());
        let seen = fields.into_iter().filter(|field| !hides(&field.field));
        let shown = seen.map(|mut evidence| {
            if is_partial {
                evidence.weight = bands::weight(evidence.weight);
            }
            let (left, right) = match evidence.field.as_str() {
                "email" => self.shared(low, high, |reach| &reach.emails, |it| text(&it.email)),
                "phone" => self.shared(low, high, |reach| &reach.phones, |it| text(&it.phone)),
                field => (self.value(low, field), self.value(high, field)),
            };
            MatchField {
                evidence,
                left,
                right,
            }
        });
        shown.collect()
    }

    /// The addresses of two contacts: one that both have, however they came by it, else their own.
    fn shared(
        &self,
        low: Uuid,
        high: Uuid,
        all: fn(&Reach) -> &BTreeSet<String>,
        own: fn(&Contact) -> Option<String>,
    ) -> (Option<String>, Option<String>) {
        let of = |id: Uuid| {
            let known = self.reached.get(&id).map(all).cloned().unwrap_or_default();
            let own = self.contacts.get(&ContactId(id)).and_then(own);
            let mut values = known;
            values.extend(own.clone());
            (own, values)
        };
        let ((left, lefts), (right, rights)) = (of(low), of(high));
        if let Some(both) = lefts.intersection(&rights).next() {
            return (Some(both.clone()), Some(both.clone()));
        }
        (
            left.or_else(|| lefts.into_iter().next()),
            right.or_else(|| rights.into_iter().next()),
        )
    }

    fn value(&self, id: Uuid, field: &str) -> Option<String> {
        let contact = self.contacts.get(&ContactId(id))?;
        let address = &contact.address;
        match field {
            "name" => Some(contact.name.clone()),
            "first_name" => contact.first_name.clone(),
            "last_name" => contact.last_name.clone(),
            "company" => self.companies.get(&contact.company_id?).cloned(),
            "street" => address.street.clone(),
            "city" => address.city.clone(),
            "region" => address.region.clone(),
            "postal_code" => address.postal_code.clone(),
            "country" => address.country.clone(),
            custom => match contact.custom.get(custom.strip_prefix(CUSTOM_PREFIX)?)? {
                CustomValue::Text(text) => Some(text.clone()),
                CustomValue::Number(number) => Some(number.to_string()),
                _ => None,
            },
        }
    }
}

fn text(value: &Option<impl ToString>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

/// The name under which rules are made for a field.
fn rule_of(field: &str) -> &str {
    match field {
        "street" | "city" | "region" | "postal_code" | "country" => "address",
        "company" => "company_id",
        field => field,
    }
}
