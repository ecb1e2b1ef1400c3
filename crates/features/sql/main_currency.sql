-- Order lines by currency, the most frequent first. A line of the opposite sign takes back one that
-- was corrected, so that a currency that was a mistake altogether is not among them.
-- Parameter: $as_of_us microseconds since 1970.
SELECT currency, sum(CASE WHEN quantity < 0 THEN -1 ELSE 1 END) AS n_lines
FROM events
WHERE kind = 'product_ordered'
    AND occurred_us < $as_of_us
    AND currency IS NOT NULL
GROUP BY currency
HAVING sum(CASE WHEN quantity < 0 THEN -1 ELSE 1 END) > 0
ORDER BY n_lines DESC, currency
