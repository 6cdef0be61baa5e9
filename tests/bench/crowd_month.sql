-- The copies of the cases of a MONTH with their events and terms, and the index of these.
INSERT INTO case_row_MONTH
  SELECT m.key, version, state, unfinished, departments, taken_by, received_at + m.key - of, due_at + m.key - of,
    returned_at + m.key - of, content, written,
    replace(replace(replace(replace(document, old_id, m.id), old_number, m.number),
      coalesce(old_caller, ' '), coalesce(m.caller_key, ' ')), coalesce(old_contact, ' '), coalesce(m.contact_key, ' '))
  FROM multiplied m JOIN case_row_MONTH r ON r.key = of WHERE month = 'MONTH' ORDER BY m.key;
INSERT INTO event_row_MONTH
  SELECT m.key, seq, at + m.key - of, actor, kind, state, content,
    replace(replace(replace(body, old_number, m.number), coalesce(old_caller, ' '), coalesce(m.caller_key, ' ')),
      coalesce(old_contact, ' '), coalesce(m.contact_key, ' '))
  FROM multiplied m JOIN event_row_MONTH e ON e.key = of WHERE month = 'MONTH' ORDER BY m.key;
INSERT INTO case_terms_MONTH
  SELECT m.key,
    ts_delete(terms, array_remove(ARRAY['0x' || old_number, '0y' || right(old_number, 4), '0t' || old_caller,
      '0t' || old_contact], NULL))
    || array_to_tsvector(array_remove(ARRAY['0x' || number, '0y' || right(number, 4), '0t' || caller_key,
      '0t' || contact_key], NULL))
  FROM multiplied m JOIN case_terms_MONTH t ON t.key = of WHERE month = 'MONTH' ORDER BY m.key;
CREATE INDEX ON case_terms_MONTH USING gin (terms) WITH (fastupdate = off);
