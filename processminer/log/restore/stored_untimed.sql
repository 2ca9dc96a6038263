-- Steps of the paths whose moment was found to be no true one when the log was written, and why.
INSERT INTO untimed_steps
SELECT deal, place, min(why)
FROM stored_untimed JOIN deals USING (deal_id) JOIN paths USING (deal)
WHERE why IS NOT NULL AND make_timestamp(steps[place] >> 10) = entered_at
GROUP BY deal, place
ORDER BY deal, place
