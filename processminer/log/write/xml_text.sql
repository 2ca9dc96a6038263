-- A text as the value of an XML attribute; a letter that XML cannot hold becomes the mark of an unknown one.
CREATE OR REPLACE TEMP MACRO xml_text(told) AS
CASE WHEN regexp_full_match(told, '[A-Za-z0-9 _.,:/()+-]*') THEN told
     ELSE replace(replace(replace(replace(replace(replace(replace(
              regexp_replace(told, '[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]', chr(65533), 'g'),
              '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), chr(9), '&#9;'), chr(10), '&#10;'), chr(13), '&#13;')
END
