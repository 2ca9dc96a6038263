-- The deals that came to one decision, what was known of each at that moment, and what became of it afterwards.
WITH asked AS (
    SELECT decisions.deal, decisions.moment, decisions.came_from, decisions.done
    FROM decisions
    WHERE decisions.practice = $practice
),
-- An edit that came later tells what stood there before it; without one the record stands as it did.
owned AS (
    SELECT asked.*,
           deals.outcome,
           deals.closed_at,
           coalesce(former.owner, deals.owner) AS owner
    FROM asked
    JOIN deals ON deals.deal = asked.deal
    ASOF LEFT JOIN (SELECT * FROM field_edits WHERE field = 'owner') AS edits
      ON edits.deal = asked.deal AND edits.occurred_at > asked.moment
    LEFT JOIN owner_numbers AS former ON former.owner = edits.old
),
priced AS (
    SELECT asked.deal,
           CASE WHEN edits.deal IS NULL THEN deals.amount
                WHEN regexp_full_match(edits.old, '[0-9]+([.][0-9]+)?') THEN try_cast(edits.old AS DOUBLE) END AS amount
    FROM asked
    JOIN deals ON deals.deal = asked.deal
    ASOF LEFT JOIN (SELECT * FROM field_edits WHERE field = 'amount') AS edits
      ON edits.deal = asked.deal AND edits.occurred_at > asked.moment
),
traits AS (
    SELECT deal,
           max(number) FILTER (WHERE place = 0) AS first_attribute,
           max(number) FILTER (WHERE place = 1) AS second_attribute,
           max(number) FILTER (WHERE place = 2) AS third_attribute,
           max(number) FILTER (WHERE place = 3) AS fourth_attribute
    FROM trait_numbers
    GROUP BY deal
)
SELECT owned.done::BIGINT AS done,
       epoch_us(owned.moment) AS moment_us,
       (epoch_us(coalesce(owned.closed_at, $as_of)) - epoch_us(owned.moment)) // 86400000000 + 1 AS days,
       (epoch_us($as_of) - epoch_us(owned.moment)) // 86400000000 + 1 AS watched,
       (CASE owned.outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END)::BIGINT AS cause,
       coalesce(owner_numbers.number, 0)::BIGINT AS owner,
       owned.came_from::BIGINT AS came_from,
       (4 * year(owned.moment) + quarter(owned.moment))::BIGINT AS quarter,
       coalesce(traits.first_attribute, 0)::BIGINT AS first_attribute,
       coalesce(traits.second_attribute, 0)::BIGINT AS second_attribute,
       coalesce(traits.third_attribute, 0)::BIGINT AS third_attribute,
       coalesce(traits.fourth_attribute, 0)::BIGINT AS fourth_attribute,
       priced.amount,
       coalesce(epoch_us(owned.moment) - epoch_us(before.entered_at), 0) / 86400000000.0 AS stage_days,
       coalesce(before.returns, 0)::DOUBLE AS returns,
       coalesce(owner_load.open, 0)::DOUBLE AS load,
       CASE WHEN before.position > 1 THEN before.first_stay_us / 86400000000.0 END AS first_stay_days
FROM owned
JOIN priced ON priced.deal = owned.deal
ASOF LEFT JOIN returns_so_far AS before ON before.deal = owned.deal AND before.entered_at < owned.moment
ASOF LEFT JOIN owner_load ON owner_load.owner = owned.owner AND owner_load.changed_at < owned.moment
LEFT JOIN owner_numbers ON owner_numbers.owner = owned.owner
LEFT JOIN traits ON traits.deal = owned.deal
WHERE owned.outcome = 'open' OR owned.closed_at IS NOT NULL
ORDER BY owned.deal
