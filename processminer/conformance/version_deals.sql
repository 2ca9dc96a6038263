-- The deals that one version of the playbook judges, with their paths, in place of all deals.
CREATE OR REPLACE VIEW judged AS
SELECT deal FROM main.deal_versions WHERE version = (SELECT version FROM judged_by);

CREATE OR REPLACE VIEW deals AS
SELECT * FROM main.deals WHERE deal IN (SELECT deal FROM judged);

CREATE OR REPLACE VIEW paths AS
SELECT * FROM main.paths WHERE deal IN (SELECT deal FROM judged);

CREATE OR REPLACE VIEW deal_variants AS
SELECT * FROM main.deal_variants WHERE deal IN (SELECT deal FROM judged);

CREATE OR REPLACE VIEW variants AS
SELECT variant,
       path,
       count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       close_step,
       min(deal) AS first_deal
FROM deals
JOIN deal_variants USING (deal)
JOIN (SELECT variant, path, close_step FROM main.variants) AS walked USING (variant)
GROUP BY variant, path, close_step
