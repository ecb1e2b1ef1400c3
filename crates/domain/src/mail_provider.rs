//! Providers of mailboxes for everybody: an address there says nothing of where somebody works.

/// Names of which any ending counts, such as `yahoo.co.jp`.
const ANY_ENDING: [&str; 6] = ["gmail", "googlemail", "hotmail", "live", "outlook", "yahoo"];

/// Domains, in alphabetical order.
const DOMAINS: [&str; 82] = [
    "126.com",
    "139.com",
    "163.com",
    "163.net",
    "188.com",
    "189.cn",
    "21cn.com",
    "263.net",
    "aliyun.com",
    "aol.com",
    "arcor.de",
    "att.net",
    "bellsouth.net",
    "bigpond.com",
    "bol.com.br",
    "bt.com",
    "btinternet.com",
    "charter.net",
    "comcast.net",
    "cox.net",
    "daum.net",
    "docomo.ne.jp",
    "duck.com",
    "earthlink.net",
    "ezweb.ne.jp",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "hanmail.net",
    "hey.com",
    "hushmail.com",
    "icloud.com",
    "inbox.ru",
    "interia.pl",
    "laposte.net",
    "libero.it",
    "list.ru",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "nate.com",
    "naver.com",
    "ntlworld.com",
    "o2.pl",
    "online.de",
    "orange.fr",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "rocketmail.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sina.cn",
    "sina.com",
    "sky.com",
    "sohu.com",
    "t-online.de",
    "talktalk.net",
    "tom.com",
    "tutanota.com",
    "uol.com.br",
    "verizon.net",
    "vip.163.com",
    "vip.qq.com",
    "wanadoo.fr",
    "web.de",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
];

/// Whether anybody may have a mailbox at a domain, in lower case.
pub fn is_public_mail_provider(domain: &str) -> bool {
    if DOMAINS.binary_search(&domain).is_ok() {
        return true;
    }
    let (name, ending) = domain.split_once('.').unwrap_or((domain, ""));
    // `yahoo.com` and `yahoo.co.uk`, but not `live.acme.com`, which is somebody's own.
    let is_ending = ending.split('.').all(|part| part.len() <= 3);
    is_ending && ANY_ENDING.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_in_order_so_that_they_are_found() {
        assert!(DOMAINS.is_sorted());
    }

    #[test]
    fn providers_are_told_from_companies() {
        for public in [
            "gmail.com",
            "qq.com",
            "yahoo.co.jp",
            "hotmail.fr",
            "web.de",
            "live.cn",
        ] {
            assert!(is_public_mail_provider(public), "{public}");
        }
        for own in [
            "acme.com",
            "gmail.acme.com",
            "live.nation.example",
            "qq.acme.cn",
        ] {
            assert!(!is_public_mail_provider(own), "{own}");
        }
    }
}
