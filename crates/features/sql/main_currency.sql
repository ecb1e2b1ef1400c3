-- Order lines by currency, the most frequent first.
-- Parameter: $as_of_us microseconds since 1970.
SELECT currency, count(*) AS n_lines
FROM events
WHERE kind = 'product_ordered'
    AND occurred_us < $as_of_us
    AND currency IS NOT NULL
GROUP BY currency
ORDER BY n_lines DESC, currency
