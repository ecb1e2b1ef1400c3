-- One row per customer: what the events before the instant tell.
-- Parameters: $as_of_us microseconds since 1970; $currency the workspace's main currency;
-- $minor_per_major minor units of that currency in a major one.
-- Every division is of doubles: engines differ on the rest.
WITH seen AS (
    SELECT
        customer_id, occurred_us, kind, source, sku, quantity,
        -- A line without an order number is an order of its own.
        coalesce(order_id, event_id) AS order_id,
        CASE WHEN currency = $currency THEN amount_minor END AS amount,
        CAST($as_of_us - occurred_us AS DOUBLE) / 86400000000 AS age_days
    FROM events
    WHERE customer_id IS NOT NULL AND occurred_us < $as_of_us
),
-- What was ever recorded: a kind that never was makes its features missing, not zero.
recorded AS (
    SELECT
        max(CASE WHEN kind = 'page_viewed' THEN 1 ELSE 0 END) AS has_views,
        max(CASE WHEN kind = 'ticket_opened' THEN 1 ELSE 0 END) AS has_tickets,
        max(CASE WHEN kind = 'message_received' THEN 1 ELSE 0 END) AS has_messages
    FROM seen
),
-- A line of the opposite sign takes back one that was corrected: it counts against it.
bought AS (
    SELECT *, CASE WHEN quantity < 0 THEN -1 ELSE 1 END AS n_lines
    FROM seen WHERE kind = 'product_ordered'
),
returned AS (
    SELECT *, CASE WHEN quantity > 0 THEN -1 ELSE 1 END AS n_lines
    FROM seen WHERE kind = 'product_returned'
),
-- What was taken back altogether, such as an order at a time that was wrong, never was.
bought_at AS (
    SELECT
        customer_id, source, order_id, occurred_us,
        max(age_days) AS age_days,
        sum(n_lines) AS n_lines,
        -- Whole thousandths add up to the same in every order; fractions would not.
        sum(CAST(round(quantity * 1000) AS BIGINT)) AS n_milliunits,
        sum(amount) AS amount
    FROM bought
    GROUP BY customer_id, source, order_id, occurred_us
    HAVING sum(n_lines) > 0
),
-- Two sources may use the same order number.
orders AS (
    SELECT
        customer_id, source, order_id,
        min(occurred_us) AS ordered_us,
        max(age_days) AS age_days,
        sum(n_lines) AS n_lines,
        sum(n_milliunits) AS n_milliunits,
        sum(amount) AS amount
    FROM bought_at
    GROUP BY customer_id, source, order_id
),
-- Microseconds since midnight and since Monday; 1970-01-01 was a Thursday. The remainder is taken
-- twice because it is negative before 1970.
dated AS (
    SELECT
        *,
        (ordered_us % 86400000000 + 86400000000) % 86400000000 AS day_us,
        ((ordered_us + 259200000000) % 604800000000 + 604800000000) % 604800000000 AS week_us
    FROM orders
),
gaps AS (
    SELECT
        customer_id,
        CAST(ordered_us - lag(ordered_us) OVER (
            PARTITION BY customer_id ORDER BY ordered_us, source, order_id
        ) AS DOUBLE) / 86400000000 AS gap_days
    FROM orders
),
rhythm AS (
    SELECT
        customer_id,
        avg(gap_days) AS gap_days_mean,
        median(gap_days) AS gap_days_median,
        stddev_samp(gap_days) AS gap_days_std
    FROM gaps
    WHERE gap_days IS NOT NULL
    GROUP BY customer_id
),
by_order AS (
    SELECT
        customer_id,
        count(*) AS n_orders,
        min(age_days) AS last_age,
        max(age_days) AS first_age,
        sum(amount) AS amount,
        CAST(sum(amount) AS DOUBLE) / count(amount) AS amount_mean,
        CAST(sum(n_lines) AS DOUBLE) / count(*) AS n_lines_mean,
        CAST(sum(n_milliunits) AS DOUBLE) / nullif(1000 * count(n_milliunits), 0) AS n_units_mean,
        sum(CASE WHEN age_days <= 30 THEN 1 ELSE 0 END) AS n_orders_30,
        sum(CASE WHEN age_days <= 90 THEN 1 ELSE 0 END) AS n_orders_90,
        sum(CASE WHEN age_days <= 365 THEN 1 ELSE 0 END) AS n_orders_365,
        sum(CASE WHEN age_days <= 30 THEN amount WHEN amount IS NOT NULL THEN 0 END) AS amount_30,
        sum(CASE WHEN age_days <= 90 THEN amount WHEN amount IS NOT NULL THEN 0 END) AS amount_90,
        sum(CASE WHEN age_days <= 365 THEN amount WHEN amount IS NOT NULL THEN 0 END) AS amount_365,
        sum(CASE WHEN day_us >= 18000000000 AND day_us < 43200000000 THEN 1 ELSE 0 END) AS n_morning,
        sum(CASE WHEN day_us >= 43200000000 AND day_us < 61200000000 THEN 1 ELSE 0 END) AS n_afternoon,
        sum(CASE WHEN day_us >= 61200000000 AND day_us < 79200000000 THEN 1 ELSE 0 END) AS n_evening,
        sum(CASE WHEN day_us >= 79200000000 OR day_us < 18000000000 THEN 1 ELSE 0 END) AS n_night,
        sum(CASE WHEN week_us < 86400000000 THEN 1 ELSE 0 END) AS n_monday,
        sum(CASE WHEN week_us >= 86400000000 AND week_us < 172800000000 THEN 1 ELSE 0 END) AS n_tuesday,
        sum(CASE WHEN week_us >= 172800000000 AND week_us < 259200000000 THEN 1 ELSE 0 END) AS n_wednesday,
        sum(CASE WHEN week_us >= 259200000000 AND week_us < 345600000000 THEN 1 ELSE 0 END) AS n_thursday,
        sum(CASE WHEN week_us >= 345600000000 AND week_us < 432000000000 THEN 1 ELSE 0 END) AS n_friday,
        sum(CASE WHEN week_us >= 432000000000 AND week_us < 518400000000 THEN 1 ELSE 0 END) AS n_saturday,
        sum(CASE WHEN week_us >= 518400000000 THEN 1 ELSE 0 END) AS n_sunday
    FROM dated
    GROUP BY customer_id
),
-- One order shows no habit, and two hardly.
habit AS (
    SELECT
        customer_id,
        CAST(n_morning AS DOUBLE) / n_orders AS morning_share,
        CAST(n_afternoon AS DOUBLE) / n_orders AS afternoon_share,
        CAST(n_evening AS DOUBLE) / n_orders AS evening_share,
        CAST(n_night AS DOUBLE) / n_orders AS night_share,
        CAST(n_saturday + n_sunday AS DOUBLE) / n_orders AS weekend_share,
        -- The entropy of shares n / N is ln N - sum(n ln n) / N; divided by ln 7 it lies between 0
        -- and 1.
        (ln(CAST(n_orders AS DOUBLE)) - (
            coalesce(n_monday * ln(CAST(nullif(n_monday, 0) AS DOUBLE)), 0) +
            coalesce(n_tuesday * ln(CAST(nullif(n_tuesday, 0) AS DOUBLE)), 0) +
            coalesce(n_wednesday * ln(CAST(nullif(n_wednesday, 0) AS DOUBLE)), 0) +
            coalesce(n_thursday * ln(CAST(nullif(n_thursday, 0) AS DOUBLE)), 0) +
            coalesce(n_friday * ln(CAST(nullif(n_friday, 0) AS DOUBLE)), 0) +
            coalesce(n_saturday * ln(CAST(nullif(n_saturday, 0) AS DOUBLE)), 0) +
            coalesce(n_sunday * ln(CAST(nullif(n_sunday, 0) AS DOUBLE)), 0)
        ) / n_orders) / ln(CAST(7 AS DOUBLE)) AS weekday_entropy
    FROM by_order
    WHERE n_orders >= 3
),
-- What would have been spent in the last 90 days at the customer's pace before them.
expected AS (
    SELECT
        customer_id,
        CAST(amount_90 AS DOUBLE) AS spent,
        CAST(amount - amount_90 AS DOUBLE) * 90 / (first_age - 90) AS expected
    FROM by_order
    WHERE first_age >= 120
),
by_product AS (
    SELECT customer_id, sku, sum(n_lines) AS n_lines
    FROM bought
    GROUP BY customer_id, sku
    HAVING sum(n_lines) > 0
),
by_line AS (
    SELECT customer_id, sum(n_lines) AS n_lines, count(sku) AS n_products
    FROM by_product
    GROUP BY customer_id
),
returned_at AS (
    SELECT
        customer_id,
        max(age_days) AS age_days,
        sum(n_lines) AS n_lines,
        sum(amount) AS amount
    FROM returned
    GROUP BY customer_id, source, order_id, occurred_us
    HAVING sum(n_lines) > 0
),
by_return AS (
    SELECT customer_id, sum(n_lines) AS n_lines, sum(amount) AS amount
    FROM returned_at
    GROUP BY customer_id
),
-- What the customer does; what is sent to somebody is no sign of life, nor is what was taken back.
sign_of_life AS (
    SELECT customer_id, age_days FROM bought_at
    UNION ALL
    SELECT customer_id, age_days FROM returned_at
    UNION ALL
    SELECT customer_id, age_days
    FROM seen
    WHERE kind IN (
        'page_viewed', 'ticket_opened', 'message_received', 'campaign_opened', 'campaign_clicked'
    )
),
by_sign AS (
    SELECT customer_id, min(age_days) AS last_age
    FROM sign_of_life
    GROUP BY customer_id
),
by_event AS (
    SELECT
        customer_id,
        sum(CASE WHEN kind = 'page_viewed' AND age_days <= 30 THEN 1 ELSE 0 END) AS n_views_30,
        sum(CASE WHEN kind = 'ticket_opened' AND age_days <= 365 THEN 1 ELSE 0 END) AS n_tickets_365,
        sum(CASE WHEN kind = 'message_received' AND age_days <= 90 THEN 1 ELSE 0 END) AS n_messages_90,
        sum(CASE WHEN kind = 'campaign_sent' AND age_days <= 365 THEN 1 ELSE 0 END) AS n_sent,
        sum(CASE WHEN kind = 'campaign_opened' AND age_days <= 365 THEN 1 ELSE 0 END) AS n_opened
    FROM seen
    GROUP BY customer_id
)
SELECT
    by_event.customer_id,
    by_order.last_age AS recency_days,
    CAST(coalesce(by_order.n_orders, 0) AS DOUBLE) AS frequency,
    -- Nothing bought and nothing returned is zero; amounts in other currencies only are missing.
    CAST(CASE
        WHEN by_order.amount IS NULL AND by_return.amount IS NULL
            AND (by_order.n_orders IS NOT NULL OR by_return.n_lines IS NOT NULL) THEN NULL
        ELSE coalesce(by_order.amount, 0) + coalesce(by_return.amount, 0)
    END AS DOUBLE) / $minor_per_major AS monetary_value,
    by_order.amount_mean / $minor_per_major AS average_order_value,
    by_order.first_age AS tenure_days,
    rhythm.gap_days_mean AS interpurchase_days_mean,
    rhythm.gap_days_median AS interpurchase_days_median,
    rhythm.gap_days_std AS interpurchase_days_std,
    by_order.n_lines_mean AS lines_per_order,
    by_order.n_units_mean AS units_per_order,
    CAST(by_line.n_products AS DOUBLE) AS n_products,
    -- What comes back may have been bought before the records begin: no share is above one.
    CASE
        WHEN by_return.n_lines > by_line.n_lines THEN 1
        ELSE CAST(coalesce(by_return.n_lines, 0) AS DOUBLE) / by_line.n_lines
    END AS return_rate,
    CASE
        WHEN 0 - by_return.amount > by_order.amount AND by_order.amount > 0 THEN 1
        ELSE CAST(0 - coalesce(by_return.amount, 0) AS DOUBLE) / nullif(by_order.amount, 0)
    END AS return_amount_rate,
    CAST(by_order.n_orders_30 AS DOUBLE) AS orders_30d,
    CAST(by_order.n_orders_90 AS DOUBLE) AS orders_90d,
    CAST(by_order.n_orders_365 AS DOUBLE) AS orders_365d,
    CAST(by_order.amount_30 AS DOUBLE) / $minor_per_major AS spend_30d,
    CAST(by_order.amount_90 AS DOUBLE) / $minor_per_major AS spend_90d,
    CAST(by_order.amount_365 AS DOUBLE) / $minor_per_major AS spend_365d,
    (expected.spent - expected.expected) / nullif(expected.spent + expected.expected, 0) AS spend_trend,
    habit.morning_share,
    habit.afternoon_share,
    habit.evening_share,
    habit.night_share,
    habit.weekend_share,
    habit.weekday_entropy,
    by_sign.last_age AS silence_days,
    CAST(CASE WHEN recorded.has_views = 1 THEN by_event.n_views_30 END AS DOUBLE) AS page_views_30d,
    CAST(CASE WHEN recorded.has_tickets = 1 THEN by_event.n_tickets_365 END AS DOUBLE) AS tickets_365d,
    CAST(CASE WHEN recorded.has_messages = 1 THEN by_event.n_messages_90 END AS DOUBLE) AS messages_90d,
    -- One message may be opened many times.
    CASE
        WHEN by_event.n_sent > 0 AND by_event.n_opened > by_event.n_sent THEN 1
        WHEN by_event.n_sent > 0 THEN CAST(by_event.n_opened AS DOUBLE) / by_event.n_sent
    END AS campaign_open_rate
FROM by_event
CROSS JOIN recorded
LEFT JOIN by_order ON by_order.customer_id = by_event.customer_id
LEFT JOIN by_line ON by_line.customer_id = by_event.customer_id
LEFT JOIN by_return ON by_return.customer_id = by_event.customer_id
LEFT JOIN expected ON expected.customer_id = by_event.customer_id
LEFT JOIN habit ON habit.customer_id = by_event.customer_id
LEFT JOIN rhythm ON rhythm.customer_id = by_event.customer_id
LEFT JOIN by_sign ON by_sign.customer_id = by_event.customer_id
ORDER BY by_event.customer_id
