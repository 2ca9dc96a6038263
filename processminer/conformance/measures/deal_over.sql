-- When each deal was first over a time limit, and by how many days it was at most.
CREATE OR REPLACE VIEW deal_over AS
SELECT rule, deal,
       make_timestamp(min(epoch_us(entered_at) + most)) AS since,
       max(epoch_us(coalesce(left_at, as_of)) - epoch_us(entered_at) - most) / 86400000000.0 AS days
FROM rule_stays
JOIN limit_rules USING (place)
CROSS JOIN looked_at
WHERE entered_timed AND left_timed AND epoch_us(coalesce(left_at, as_of)) - epoch_us(entered_at) > most
GROUP BY rule, deal
