//! Columns of files that people have.

use super::*;

fn kinds(header: &[&str], rows: &[&[&str]]) -> Vec<FieldKind> {
    let columns: Vec<(&str, Vec<&str>)> = header
        .iter()
        .enumerate()
        .map(|(idx, name)| (*name, rows.iter().map(|row| row[idx]).collect()))
        .collect();
    detect(&columns).into_iter().map(|field| field.kind).collect()
}

#[test]
fn a_header_that_is_known_decides() {
    let found = kinds(
        &["rec_id", "given_name", "Last Name", "dateOfBirth", "soc_sec_id", "E-Mail", "客户姓名", "手机号"],
        &[
            &["r1", "ada", "king", "1815-12-10", "123", "a@b.de", "李芳", "13812345678"],
            &["r2", "bo", "king", "1816-02-10", "123", "b@b.de", "张伟", "13912345678"],
        ],
    );

    assert_eq!(
        found,
        [
            FieldKind::RecordKey,
            FieldKind::GivenName,
            FieldKind::Surname,
            FieldKind::BirthDate,
            FieldKind::Id,
            FieldKind::Email,
            FieldKind::FullName,
            FieldKind::Phone,
        ]
    );
}

#[test]
fn values_decide_where_the_header_says_nothing() {
    let found = kinds(
        &["a", "b", "c", "date of birth"],
        &[
            &["ada@b.de", "19900506", "the quick brown fox", "soon"],
            &["bo@b.de", "19840605", "jumps over a dog", "later on"],
        ],
    );

    assert_eq!(
        found,
        [FieldKind::Email, FieldKind::BirthDate, FieldKind::Text, FieldKind::Text]
    );
}

#[test]
fn a_whole_name_that_repeats_its_parts_is_left_out() {
    let header = ["first_name", "surname", "name", "full_name"];
    let found = kinds(
        &header,
        &[
            &["thomas", "chudleigh", "thomas chudleigh", "thomas clifford, 1st baron of chudleigh"],
            &["ada", "king", "ada king", "ada king, countess of lovelace"],
        ],
    );

    assert_eq!(found[2..], [FieldKind::RecordKey, FieldKind::FullName]);
}
