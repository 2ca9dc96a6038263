-- Every event of a deal, an event of several deals once for each: what, when, and who did it.
CREATE OR REPLACE TABLE ocel_happened AS
WITH did AS (
    SELECT links.id, min(named.name) AS actor
    FROM ocel_event_objects AS links JOIN ocel_people AS named ON named.id = links.object
    GROUP BY links.id
),
said AS (
    SELECT id, min(value) FILTER (WHERE lower(name) IN ('resource', 'org:resource', 'user', 'actor', 'performed by')) AS actor,
           min(value) FILTER (WHERE lower(name) IN ('subject', 'title')) AS subject
    FROM ocel_event_values
    GROUP BY id
),
belongs AS (
    SELECT DISTINCT links.id, links.object AS deal, count(DISTINCT links.object) OVER (PARTITION BY links.id) AS deals
    FROM ocel_event_objects AS links SEMI JOIN ocel_deals ON ocel_deals.id = links.object
)
SELECT events.id, belongs.deal, coalesce(belongs.deals, 0) AS deals, events.type, events.occurred,
       coalesce(did.actor, said.actor) AS actor, said.subject, events.position
FROM ocel_events AS events
LEFT JOIN belongs ON belongs.id = events.id
LEFT JOIN did ON did.id = events.id
LEFT JOIN said ON said.id = events.id
ORDER BY events.position, belongs.deal
