-- When the latest event happened that still stands; null where there is none.
-- Parameter: $before_us microseconds since 1970.
WITH seen AS (
    SELECT
        occurred_us,
        -- A line of the opposite sign takes back one that was corrected. Nothing that was never said
        -- is taken back, so that the lines of an instant add up to zero where none of them stands.
        CASE
            WHEN kind = 'product_ordered' AND quantity < 0 THEN -1
            WHEN kind = 'product_returned' AND quantity > 0 THEN -1
            ELSE 1
        END AS n_events
    FROM events
    WHERE customer_id IS NOT NULL AND occurred_us < $before_us
),
standing AS (
    SELECT occurred_us
    FROM seen
    GROUP BY occurred_us
    HAVING sum(n_events) > 0
)
SELECT max(occurred_us) AS latest_us
FROM standing
