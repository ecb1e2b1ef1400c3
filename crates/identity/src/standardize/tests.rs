//! Spellings of one thing have one form.

use super::*;

fn check(kind: FieldKind, spellings: &[&str], expected: &str) {
    for spelling in spellings {
        let found = standardize(kind, spelling, Style::default());
        assert_eq!(found.as_deref(), Some(expected), "{spelling:?} as {kind:?}");
    }
}

#[test]
fn names_lose_titles_case_width_and_accents() {
    check(
        FieldKind::GivenName,
        &["José", "JOSE", "ｊｏｓｅ", "Mr. Jose"],
        "jose",
    );
    check(
        FieldKind::Surname,
        &["O'Neill", "O’Neill", "ONEILL"],
        "oneill",
    );
    check(
        FieldKind::FullName,
        &["Dr. Ada King", "ada king PhD"],
        "ada king",
    );
    check(FieldKind::GivenName, &["Miss"], "miss");
}

#[test]
fn chinese_names_part_into_surname_and_given_name() {
    check(FieldKind::FullName, &["張偉", "张伟", "张伟先生"], "张 伟");
    check(
        FieldKind::FullName,
        &["歐陽娜娜", "欧阳娜娜女士"],
        "欧阳 娜娜",
    );

    assert_eq!(romanized("欧阳 娜娜").as_deref(), Some("ouyang nana"));
    assert_eq!(romanized("ada"), None);
}

#[test]
fn nicknames_stand_for_full_names() {
    for (short, full) in [("bob", "robert"), ("peggy", "margaret"), ("ada", "ada")] {
        assert_eq!(canonical_given_name(short), full);
    }
}

#[test]
fn companies_lose_their_legal_forms() {
    check(
        FieldKind::Company,
        &["ACME Inc.", "Acme, Inc", "The ACME Company", "acme"],
        "acme",
    );
    check(
        FieldKind::Company,
        &["Müller & Söhne GmbH", "Muller and Sohne G.m.b.H."],
        "muller and sohne",
    );
    check(
        FieldKind::Company,
        &["北京星辰科技有限公司", "北京星辰科技股份有限公司"],
        "北京星辰科技",
    );
    check(FieldKind::Company, &["Company"], "company");
}

#[test]
fn phones_have_one_form_per_number() {
    check(
        FieldKind::Phone,
        &[
            "+44 20 7946 0123",
            "+44 (0)20 7946-0123",
            "0044 20 7946 0123",
            "+44 20 7946 0123 ext 5",
        ],
        "+442079460123",
    );
    check(
        FieldKind::Phone,
        &["138 1234 5678", "13812345678"],
        "13812345678",
    );
    let style = Style {
        calling_code: Some(86),
        ..Style::default()
    };
    let found = standardize(FieldKind::Phone, "138-1234-5678", style);
    assert_eq!(found.as_deref(), Some("+8613812345678"));
}

#[test]
fn mail_addresses_lose_what_their_provider_ignores() {
    check(
        FieldKind::Email,
        &["Ada.King+shop@Gmail.com", "adaking@googlemail.com"],
        "adaking@gmail.com",
    );
    check(
        FieldKind::Email,
        &["Ada.King@example.com"],
        "ada.king@example.com",
    );
    check(
        FieldKind::Email,
        &["ada+king@example.com"],
        "ada+king@example.com",
    );
}

#[test]
fn a_chinese_address_has_the_words_of_its_translation() {
    let words_of = |address: &str| {
        let standard = standardize(FieldKind::Street, address, Style::default()).unwrap();
        let latin = romanized_address(&standard).unwrap_or(standard);
        let mut words: Vec<String> = latin.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };

    for (chinese, latin) in [
        ("桂花巷14号2003室", "Room 2003, No. 14 Guihua Lane"),
        ("科技园路 9 号 101 室", "Room 101, No. 9 Kejiyuan Road"),
        ("建設大道149號1701室", "Room 1701, No. 149 Jianshe Dadao"),
        ("长江路3号", "No. 3 Changjiang Lu"),
    ] {
        assert_eq!(words_of(chinese), words_of(latin));
    }
    for (chinese, latin) in [
        ("重庆市", "chongqing"),
        ("厦门", "xiamen"),
        ("西安", "xian"),
        ("哈尔滨市", "harbin"),
        ("成都", "chengdu"),
        ("大连", "dalian"),
        ("青岛", "qingdao"),
    ] {
        assert_eq!(romanized_address(chinese).as_deref(), Some(latin));
    }
    assert_eq!(romanized_address("12 main street"), None);
}

#[test]
fn addresses_write_abbreviations_out() {
    check(
        FieldKind::Street,
        &["12 Main St.", "12, main street"],
        "12 main street",
    );
    check(FieldKind::City, &["St James"], "st james");
    check(
        FieldKind::Postcode,
        &["TQ13 8DF", "tq138df", "TQ13-8DF"],
        "tq138df",
    );
    check(FieldKind::Postcode, &["4011", "4011.0"], "4011");
}

#[test]
fn dates_are_read_in_every_usual_order() {
    check(
        FieldKind::BirthDate,
        &[
            "1990-12-31",
            "19901231",
            "31/12/1990",
            "31.12.1990",
            "12/31/1990",
            "31 Dec 1990",
            "1990年12月31日",
            "1990-12-31T00:00:00Z",
        ],
        "19901231",
    );
    check(FieldKind::BirthDate, &["1990"], "19900000");

    let values = ["03/04/1990", "12/25/1991"];
    let style = Style::of(FieldKind::BirthDate, values.into_iter());
    assert_eq!(style.date_order, DateOrder::MonthFirst);
    assert_eq!(
        standardize(FieldKind::BirthDate, values[0], style).as_deref(),
        Some("19900304")
    );
}

#[test]
fn what_says_nothing_is_missing() {
    for value in ["", "  ", "N/A", "null", "未知", "-"] {
        assert_eq!(
            standardize(FieldKind::Text, value, Style::default()),
            None,
            "{value:?}"
        );
    }
    assert_eq!(
        standardize(FieldKind::BirthDate, "soon", Style::default()),
        None
    );
    assert_eq!(
        standardize(FieldKind::Email, "nobody", Style::default()),
        None
    );
}
