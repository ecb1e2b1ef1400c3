-- What each customer spent in each category.
-- Parameters: $as_of_us microseconds since 1970; $currency the workspace's main currency.
SELECT customer_id, category, CAST(sum(amount_minor) AS DOUBLE) AS amount
FROM events
WHERE kind = 'product_ordered'
    AND occurred_us < $as_of_us
    AND customer_id IS NOT NULL
    AND category IS NOT NULL
    AND currency = $currency
GROUP BY customer_id, category
ORDER BY customer_id, category
