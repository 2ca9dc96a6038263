-- What the deals that are named as examples did, in words.
SELECT deal_id, owner, verdict, sentence, moves
FROM deal_story
JOIN deals USING (deal)
JOIN deal_verdicts USING (deal)
WHERE deal_id IN (SELECT deal_id FROM examples)
ORDER BY deal_id
