-- In how many won deals each role held the deal in each stage, the usual role first.
SELECT stage_names.stage, won_custody.role, count(DISTINCT won_custody.deal) AS deals
FROM won_custody
JOIN stage_names ON stage_names.code = won_custody.stage
GROUP BY stage_names.stage, won_custody.role
ORDER BY stage_names.stage, deals DESC, won_custody.role
