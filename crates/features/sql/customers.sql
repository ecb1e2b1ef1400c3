-- One row per customer: what the events before the instant tell.
-- Parameters: $as_of_us microseconds since 1970; $currency the workspace's main currency.
WITH seen AS (
    SELECT
        customer_id, occurred_us, kind, order_id, sku, quantity, amount_minor, currency,
        ($as_of_us - occurred_us) / 86400000000.0 AS age_days
    FROM events
    WHERE customer_id IS NOT NULL AND occurred_us < $as_of_us
),
bought AS (
    SELECT * FROM seen
    WHERE kind = 'product_ordered' AND order_id IS NOT NULL AND currency = $currency
),
returned AS (
    SELECT * FROM seen
    WHERE kind = 'product_returned' AND currency = $currency
),
orders AS (
    SELECT
        customer_id, order_id,
        min(occurred_us) AS ordered_us,
        max(age_days) AS age_days,
        count(*) AS n_lines,
        sum(quantity) AS n_units,
        sum(amount_minor) AS amount
    FROM bought
    GROUP BY customer_id, order_id
),
-- Day 0 of the calendar, 1970-01-01, was a Thursday: day + 3 modulo 7 is 0 on Mondays.
dated AS (
    SELECT
        *,
        (CAST(floor(ordered_us / 3600000000.0) AS BIGINT)) % 24 AS hour_of_day,
        (CAST(floor(ordered_us / 86400000000.0) AS BIGINT) + 3) % 7 AS day_of_week
    FROM orders
),
gaps AS (
    SELECT
        customer_id,
        (ordered_us - lag(ordered_us) OVER (PARTITION BY customer_id ORDER BY ordered_us, order_id))
            / 86400000000.0 AS gap_days
    FROM orders
),
rhythm AS (
    SELECT
        customer_id,
        avg(gap_days) AS gap_days_mean,
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
        avg(amount) AS amount_mean,
        avg(n_lines) AS n_lines_mean,
        avg(n_units) AS n_units_mean,
        sum(CASE WHEN age_days <= 30 THEN 1 ELSE 0 END) AS n_orders_30,
        sum(CASE WHEN age_days <= 90 THEN 1 ELSE 0 END) AS n_orders_90,
        sum(CASE WHEN age_days <= 365 THEN 1 ELSE 0 END) AS n_orders_365,
        sum(CASE WHEN age_days <= 90 THEN amount ELSE 0 END) AS amount_90,
        sum(CASE WHEN age_days > 90 AND age_days <= 180 THEN amount ELSE 0 END) AS amount_90_before,
        avg(CASE WHEN hour_of_day >= 5 AND hour_of_day < 12 THEN 1.0 ELSE 0.0 END) AS morning,
        avg(CASE WHEN hour_of_day >= 17 AND hour_of_day < 22 THEN 1.0 ELSE 0.0 END) AS evening,
        avg(CASE WHEN hour_of_day >= 22 OR hour_of_day < 5 THEN 1.0 ELSE 0.0 END) AS night,
        avg(CASE WHEN day_of_week >= 5 THEN 1.0 ELSE 0.0 END) AS weekend
    FROM dated
    GROUP BY customer_id
),
by_line AS (
    SELECT
        customer_id,
        count(*) AS n_lines,
        count(DISTINCT sku) AS n_products
    FROM bought
    GROUP BY customer_id
),
by_return AS (
    SELECT customer_id, count(*) AS n_lines, sum(amount_minor) AS amount
    FROM returned
    GROUP BY customer_id
),
contact AS (
    SELECT
        customer_id,
        min(age_days) AS last_age,
        sum(CASE WHEN kind = 'page_viewed' AND age_days <= 30 THEN 1 ELSE 0 END) AS n_views_30,
        sum(CASE WHEN kind = 'ticket_opened' AND age_days <= 365 THEN 1 ELSE 0 END) AS n_tickets_365,
        sum(CASE WHEN kind = 'campaign_sent' THEN 1 ELSE 0 END) AS n_sent,
        sum(CASE WHEN kind = 'campaign_opened' THEN 1 ELSE 0 END) AS n_opened
    FROM seen
    GROUP BY customer_id
)
SELECT
    contact.customer_id,
    by_order.last_age AS recency_days,
    CAST(coalesce(by_order.n_orders, 0) AS DOUBLE) AS frequency,
    (coalesce(by_order.amount, 0) + coalesce(by_return.amount, 0)) / $minor_per_major AS monetary_value,
    by_order.amount_mean / $minor_per_major AS average_order_value,
    by_order.first_age AS tenure_days,
    rhythm.gap_days_mean AS interpurchase_days_mean,
    rhythm.gap_days_std AS interpurchase_days_std,
    by_order.n_lines_mean AS lines_per_order,
    by_order.n_units_mean AS units_per_order,
    CAST(by_line.n_products AS DOUBLE) AS n_products,
    coalesce(by_return.n_lines, 0) * 1.0 / by_line.n_lines AS return_rate,
    CAST(by_order.n_orders_30 AS DOUBLE) AS orders_30d,
    CAST(by_order.n_orders_90 AS DOUBLE) AS orders_90d,
    CAST(by_order.n_orders_365 AS DOUBLE) AS orders_365d,
    by_order.amount_90 / $minor_per_major AS spend_90d,
    (by_order.amount_90 - by_order.amount_90_before) * 1.0
        / nullif(by_order.amount_90 + by_order.amount_90_before, 0) AS spend_trend,
    by_order.morning AS morning_share,
    by_order.evening AS evening_share,
    by_order.night AS night_share,
    by_order.weekend AS weekend_share,
    contact.last_age AS silence_days,
    CAST(contact.n_views_30 AS DOUBLE) AS page_views_30d,
    CAST(contact.n_tickets_365 AS DOUBLE) AS tickets_365d,
    CASE WHEN contact.n_sent > 0 THEN contact.n_opened * 1.0 / contact.n_sent END AS campaign_open_rate
FROM contact
LEFT JOIN by_order ON by_order.customer_id = contact.customer_id
LEFT JOIN by_line ON by_line.customer_id = contact.customer_id
LEFT JOIN by_return ON by_return.customer_id = contact.customer_id
LEFT JOIN rhythm ON rhythm.customer_id = contact.customer_id
ORDER BY contact.customer_id
