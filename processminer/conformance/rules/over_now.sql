-- The open deals that are over the limit of their stage right now, the longest over it first, and what they are worth.
SELECT deal_id, rule, owner, amount, currency,
       (epoch_us($as_of::TIMESTAMP) - epoch_us(max(entered_at))) / 86400000000.0 AS days,
       (epoch_us($as_of::TIMESTAMP) - epoch_us(max(entered_at)) - any_value(limit_rules.most)) / 86400000000.0 AS days_over
FROM rule_verdicts
JOIN limit_rules USING (rule)
JOIN rule_stays USING (deal, place)
JOIN deals USING (deal)
WHERE verdict = 'broken' AND remark AND outcome = 'open' AND left_at IS NULL
GROUP BY deal_id, rule, owner, amount, currency
ORDER BY days_over DESC, deal_id, rule
LIMIT $most
