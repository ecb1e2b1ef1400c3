//! Tweets to airlines of the shared data.

use std::error::Error;

use super::reviews::unpacked;

/// Tweets and whether they praise (1) or complain (0); those that do neither are left out.
pub(crate) fn read() -> Result<Vec<(String, usize)>, Box<dyn Error>> {
    let text = unpacked("airline_tweets", "train.csv.gz")?;
    let mut tweets = Vec::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row?;
        match &row[1] {
            "negative" => tweets.push((row[2].to_owned(), 0)),
            "positive" => tweets.push((row[2].to_owned(), 1)),
            _ => {}
        }
    }
    Ok(tweets)
}
