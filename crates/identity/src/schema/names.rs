//! Names of columns in English, Chinese and a few other languages of business.

use crate::FieldKind;
use crate::standardize::words;

/// Kinds and the words that name them, the more specific first; `|` parts the names.
const NAMES: &[(FieldKind, &str)] = &[
    (FieldKind::GivenName, "given name|givenname|first name|firstname|forename|fname|christian name|vorname|prenom|nombre|名|名字"),
    (FieldKind::Surname, "surname|last name|lastname|family name|familyname|lname|nachname|nom de famille|apellido|apellidos|姓|姓氏"),
    (FieldKind::FullName, "full name|fullname|name|contact name|customer name|person name|display name|first and surname|first and last name|姓名|客户姓名|联系人"),
    (FieldKind::Company, "company|company name|organization|organisation|employer|business name|account name|firma|entreprise|公司|公司名称|企业名称|单位"),
    (FieldKind::BirthDate, "date of birth|dob|birth date|birthdate|birthday|born|born on|geburtsdatum|date de naissance|出生日期|生日"),
    (FieldKind::Phone, "phone|phone number|telephone|tel|mobile|mobile phone|cell|cell phone|fax|telefon|handy|电话|手机|手机号|联系电话"),
    (FieldKind::Email, "email|e mail|email address|mail|e mail address|邮箱|电子邮件|电子邮箱"),
    (FieldKind::HouseNumber, "street number|house number|house no|street no|building number|hausnummer|门牌号"),
    (FieldKind::Postcode, "postcode|post code|postal code|zip|zip code|zipcode|plz|code postal|postcode fake|邮编|邮政编码"),
    (FieldKind::City, "city|suburb|town|locality|place|birth place|birthplace|place of birth|municipality|ort|stadt|ville|城市|市"),
    (FieldKind::Street, "address|street|address 1|address 2|address1|address2|address line 1|address line 2|street address|street name|adresse|strasse|rue|地址|街道"),
    (FieldKind::Category, "state|province|region|country|gender|sex|title|status|state code|国家|省|省份|性别"),
    (FieldKind::Id, "soc sec id|ssn|social security number|tax id|vat|vat id|national id|passport|license|licence number|member number|account number|customer number|身份证|身份证号|税号"),
    (FieldKind::RecordKey, "id|uid|uuid|guid|key|rec id|record id|unique id|row id|row|row number|index|pk|编号|序号"),
];

/// The kind that a column's name says.
pub(super) fn kind(name: &str) -> Option<FieldKind> {
    let name = plain(name);
    let is_named = |names: &str| names.split('|').any(|known| known == name);
    if let Some(&(kind, _)) = NAMES.iter().find(|(_, names)| is_named(names)) {
        return Some(kind);
    }
    // "Billing postcode" is a postcode, "customer_email_2" an address of mail.
    let contains = |names: &str| {
        names.split('|').any(|known| {
            known.chars().count() >= 3 && known.len() >= 4 && ends_with_words(&name, known)
        })
    };
    if name.split(' ').next_back() == Some("id") {
        return Some(FieldKind::RecordKey);
    }
    NAMES
        .iter()
        .filter(|(kind, _)| *kind != FieldKind::RecordKey)
        .find(|(_, names)| contains(names))
        .map(|&(kind, _)| kind)
}

fn ends_with_words(name: &str, known: &str) -> bool {
    name.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with(' '))
}

/// Words of a name, `camelCase` parted, a last number left out of more than one word.
fn plain(name: &str) -> String {
    let mut parted = String::with_capacity(name.len() + 4);
    let mut is_after_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && is_after_lower {
            parted.push(' ');
        }
        is_after_lower = c.is_lowercase();
        parted.push(c);
    }
    words(&parted)
}
