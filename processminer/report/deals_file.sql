-- Each deal with its verdict, when it left the playbook first and last, and what it did, in the order of its moves.
SELECT deals.deal_id AS deal,
       deals.owner AS owner,
       deals.outcome AS outcome,
       printf('%.2f', deals.amount) AS amount,
       deals.currency AS currency,
       deal_fitness.verdict AS verdict,
       printf('%.4f', deal_fitness.fitness) AS fitness,
       coalesce(len(deal_story.moves), 0)::VARCHAR AS deviations,
       strftime(list_min(list_transform(deal_story.moves, lambda move: move.moment)), '%Y-%m-%d') AS first_seen,
       strftime(list_max(list_transform(deal_story.moves, lambda move: move.moment)), '%Y-%m-%d') AS last_seen,
       deal_story.sentence AS sentence,
       array_to_string(deal_story.dated, '; ') AS moves
FROM deal_fitness
JOIN deals ON deals.deal = deal_fitness.deal
LEFT JOIN deal_story ON deal_story.deal = deal_fitness.deal
ORDER BY deals.deal_id
