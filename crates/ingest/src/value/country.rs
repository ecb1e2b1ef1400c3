//! Countries by name and code, as a hint for phone numbers and as evidence for a mapping.

use super::text;

/// ISO 3166 code of two letters, then the spellings that files use.
const COUNTRIES: [(&str, &[&str]); 44] = [
    ("AE", &["united arab emirates", "uae", "阿联酋"]),
    ("AR", &["argentina", "阿根廷"]),
    ("AT", &["austria", "österreich", "奥地利"]),
    ("AU", &["australia", "澳大利亚"]),
    ("BE", &["belgium", "belgië", "比利时"]),
    ("BH", &["bahrain", "巴林"]),
    ("BR", &["brazil", "brasil", "巴西"]),
    ("CA", &["canada", "加拿大"]),
    ("CH", &["switzerland", "schweiz", "瑞士"]),
    (
        "CN",
        &[
            "china",
            "p.r. china",
            "prc",
            "mainland china",
            "中国",
            "中国大陆",
        ],
    ),
    ("CY", &["cyprus", "塞浦路斯"]),
    ("CZ", &["czechia", "czech republic", "捷克"]),
    ("DE", &["germany", "deutschland", "德国"]),
    ("DK", &["denmark", "danmark", "丹麦"]),
    ("ES", &["spain", "españa", "西班牙"]),
    ("FI", &["finland", "suomi", "芬兰"]),
    ("FR", &["france", "法国"]),
    (
        "GB",
        &[
            "united kingdom",
            "uk",
            "great britain",
            "england",
            "scotland",
            "wales",
            "channel islands",
            "英国",
        ],
    ),
    ("GR", &["greece", "希腊"]),
    ("HK", &["hong kong", "香港", "中国香港"]),
    ("ID", &["indonesia", "印度尼西亚"]),
    ("IE", &["ireland", "eire", "rep ireland", "爱尔兰"]),
    ("IL", &["israel", "以色列"]),
    ("IN", &["india", "印度"]),
    ("IS", &["iceland", "冰岛"]),
    ("IT", &["italy", "italia", "意大利"]),
    ("JP", &["japan", "日本"]),
    ("KR", &["south korea", "korea", "republic of korea", "韩国"]),
    ("LT", &["lithuania", "立陶宛"]),
    ("MT", &["malta", "马耳他"]),
    ("MX", &["mexico", "méxico", "墨西哥"]),
    ("MY", &["malaysia", "马来西亚"]),
    ("NL", &["netherlands", "the netherlands", "holland", "荷兰"]),
    ("NO", &["norway", "norge", "挪威"]),
    ("NZ", &["new zealand", "新西兰"]),
    ("PL", &["poland", "polska", "波兰"]),
    ("PT", &["portugal", "葡萄牙"]),
    ("RU", &["russia", "russian federation", "俄罗斯"]),
    ("SA", &["saudi arabia", "沙特阿拉伯"]),
    ("SE", &["sweden", "sverige", "瑞典"]),
    ("SG", &["singapore", "新加坡"]),
    ("TW", &["taiwan", "台湾", "中国台湾"]),
    (
        "US",
        &[
            "united states",
            "united states of america",
            "usa",
            "u.s.",
            "u.s.a.",
            "america",
            "美国",
        ],
    ),
    ("ZA", &["south africa", "rsa", "南非"]),
];

/// The code of two letters of a country that the table knows by code or name.
///
/// Contacts keep their country as the source wrote it; this only tells how to read their phone
/// numbers, so an unknown country costs nothing but the hint.
pub fn code(country: &str) -> Option<&'static str> {
    let country = text::clean(country).to_lowercase();
    COUNTRIES
        .iter()
        .find(|(code, names)| {
            code.eq_ignore_ascii_case(&country) || names.contains(&country.as_str())
        })
        .map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_in_both_languages_are_known() {
        for (country, expected) in [
            ("United Kingdom", "GB"),
            ("cn", "CN"),
            ("中国", "CN"),
            ("EIRE", "IE"),
        ] {
            assert_eq!(code(country), Some(expected), "{country}");
        }
        assert_eq!(code("Unspecified"), None);
    }
}
