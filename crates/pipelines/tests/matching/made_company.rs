//! A made company whose certain pairs are merged: every record of a person stands with one contact, and nobody
//! is taken for somebody else.

use rapport_learn::metrics::pairwise;

use crate::company::Company;

#[tokio::test]
async fn once_certain_pairs_are_merged_one_person_is_one_contact() {
    let (company, truth) = Company::of_twin(17, 500).await;
    let (contacts, people) = truth.standing(&company).await;
    let imported = pairwise(&contacts, &people).unwrap();
    company.set_automatic(0.999).await;

    company.match_contacts().await;

    let (contacts, people) = truth.standing(&company).await;
    let matched = pairwise(&contacts, &people).unwrap();
    let figures = format!("imported {imported:?}, matched {matched:?}");
    assert!(
        imported.precision >= 0.999 && imported.recall < 0.95,
        "{figures}"
    );
    assert!(
        matched.precision >= 0.999 && matched.f1 >= 0.985,
        "{figures}"
    );
}
