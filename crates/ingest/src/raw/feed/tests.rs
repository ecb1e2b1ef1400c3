use super::*;
use crate::{Compression, FileFormat, FileKind, TextEncoding};

const FORMAT: FileFormat = FileFormat {
    compression: Compression::None,
    encoding: TextEncoding::Utf8,
    kind: FileKind::Feed,
    has_header: true,
    skip_lines: 0,
};

/// Rows by their numbers: their cells from the key to the name of the feed, or why one is rejected.
fn read(text: &str) -> Vec<String> {
    let source = TextSource::open(text.as_bytes(), &FORMAT).unwrap();
    let mut rows = FeedRows::open(source);
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        found.push(match row {
            RawRow::Cells { line, cells } => format!("{line}: {}", cells.join("|")),
            RawRow::Rejected(row) => format!("{}! {}", row.line, row.message),
            RawRow::Blank => "blank".to_owned(),
        });
    }
    found
}

#[test]
fn items_of_rss_are_read_with_author_link_and_plain_text() {
    let text = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"d\" xmlns:content=\"c\"><channel><title>Shop &amp; News</title>\
        <link>https://news.example</link><item><title>Cups &lt;again&gt;</title><link>https://news.example/1</link>\
        <guid isPermaLink=\"false\">g-1</guid><pubDate>Fri, 27 Nov 2026 09:30:00 GMT</pubDate>\
        <dc:creator><![CDATA[Ada King]]></dc:creator><category>cups</category><category>London</category>\
        <description><![CDATA[<p>Two <b>cups</b> &amp; a pot</p>]]></description></item>\
        <item><author>wang@other.example (Wang)</author><title>无题</title><pubDate>Fri, 27 Nov 2026 10:00:00 GMT</pubDate>\
        <description>short</description><content:encoded>&lt;p&gt;long&lt;/p&gt;</content:encoded></item></channel></rss>";

    let rows = read(text);

    assert_eq!(
        rows,
        [
            "1: g-1|post_published|Fri, 27 Nov 2026 09:30:00 GMT|Ada King|||Cups|Two cups & a pot|https://news.example/1|cups; London|Shop & News",
            "2: |post_published|Fri, 27 Nov 2026 10:00:00 GMT|Wang|wang@other.example||无题|long|||Shop & News",
        ]
    );
}

#[test]
fn entries_of_atom_are_read_with_their_authors_address_and_markup_within() {
    let text = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Reviews</title><entry><id>urn:1</id>\
        <title type=\"text\">Good</title><updated>2026-11-27T09:30:00Z</updated>\
        <link rel=\"self\" href=\"https://x.example/s\"/><link href=\"https://x.example/1?a=1&amp;b=2\"/>\
        <author><name>Ada</name><uri>https://x.example/ada</uri><email>ada@engines.example</email></author>\
        <content type=\"xhtml\"><div><p>Two</p><p>cups</p></div></content><category term=\"c\" label=\"Cups\"/></entry></feed>";

    let rows = read(text);

    assert_eq!(
        rows,
        [
            "1: urn:1|post_published|2026-11-27T09:30:00Z|Ada|ada@engines.example|https://x.example/ada|Good|Two cups|https://x.example/1?a=1&b=2|Cups|Reviews"
        ]
    );
}

#[test]
fn a_feed_that_breaks_off_keeps_the_entries_before_and_tells_where() {
    let text = "<rss><channel><item><title>One</title></item><item><title>Tw";

    let rows = read(text);

    assert!(rows[0].contains("|One|"), "{rows:?}");
    assert!(
        rows[1].starts_with("2! the feed breaks off here"),
        "{rows:?}"
    );
    assert_eq!(rows.len(), 2);
}

#[test]
fn an_entry_without_end_fills_no_memory() {
    let text = format!(
        "<rss><channel><item><title>{}</title></item></channel></rss>",
        "x".repeat(9 << 20)
    );

    let rows = read(&text);

    assert!(
        rows[0].starts_with("1! the feed breaks off here"),
        "{}",
        &rows[0][..80]
    );
}

#[test]
fn feeds_are_told_by_their_outermost_element() {
    for text in [
        "<?xml version=\"1.0\"?>\n<!-- c -->\n<rss version=\"2.0\">",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
        "<rdf:RDF xmlns:rdf=\"r\">",
    ] {
        assert!(is_feed(text.as_bytes()), "{text}");
    }
    for text in ["<html><rss>", "<feedback>", "rss,feed\n1,2\n"] {
        assert!(!is_feed(text.as_bytes()), "{text}");
    }
}
