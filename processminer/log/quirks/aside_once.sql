-- Each deal is left aside for one reason, the first that holds.
CREATE OR REPLACE TABLE deals_aside AS SELECT deal_id, min(fault) AS fault FROM deals_aside GROUP BY deal_id
