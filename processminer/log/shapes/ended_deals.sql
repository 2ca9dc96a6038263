-- The deals that their own record calls won or lost, by its status or by the time it gives for it, and what that stage is called.
CREATE OR REPLACE TABLE ended_deals AS
SELECT deal_id, same_id, won_at, lost_at, closed_at,
       coalesce(word.kind, CASE WHEN won_at IS NOT NULL AND lost_at IS NULL THEN 'won'
                                WHEN lost_at IS NOT NULL AND won_at IS NULL THEN 'lost' END) AS kind,
       coalesce(CASE WHEN word.kind IS NOT NULL THEN label END, CASE kind WHEN 'won' THEN 'Won' ELSE 'Lost' END) AS stage
FROM standing LEFT JOIN status_words AS word ON word.raw = status
WHERE kind IN ('won', 'lost')
